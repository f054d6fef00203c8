#!/bin/sh
# What udhcpc calls with a lease. The name server is the program's to say, so only the address is taken.
case $1 in
  bound | renew) ip address replace "$ip/$mask" dev "$interface" ;;
  deconfig) ip -4 address flush dev "$interface" ;;
esac
