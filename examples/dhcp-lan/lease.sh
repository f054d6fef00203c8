#!/bin/sh
# Called by udhcpc for each lease. It sets only the address, because the program declares the name server.
case $1 in
  bound | renew) ip address replace "$ip/$mask" dev "$interface" ;;
  deconfig) ip -4 address flush dev "$interface" ;;
esac
