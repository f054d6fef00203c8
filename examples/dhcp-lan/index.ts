import { Address, Hosts, Namespace, Process, Veth } from "pulumi-netns";

const server = new Namespace("server");
const client = new Namespace("client");
const wire = new Veth("wire", {
  a: { name: "eth0", namespace: server },
  b: { name: "eth0", namespace: client },
});

const ip = new Address("server-ip", { interface: wire.a, address: "10.7.0.1/24" });
new Hosts("server-names", { namespace: server, addresses: { "files.lab": ip.ip } });
new Hosts("client-names", { namespace: client, nameservers: [ip.ip] });

const dnsmasq = new Process("dnsmasq", {
  namespace: server,
  files: {
    "dnsmasq.conf": `
      log-facility=-
      no-resolv
      dhcp-range=10.7.0.100,10.7.0.200,1h
      leasefile-ro
      dhcp-authoritative
    `,
  },
  // --no-daemon stays in the foreground, and does not change its user: a sandbox has only one.
  command: ["dnsmasq", "--no-daemon", "--conf-file=dnsmasq.conf"],
  ready: { log: "DHCP, IP range" },
});

new Process(
  "udhcpc",
  {
    namespace: client,
    // udhcpc runs the script for each lease. It sets only the address, because the program declares the name server.
    files: {
      "lease.sh": `#!/bin/sh
        case $1 in
          bound | renew)
            ip address replace "$ip/$mask" dev "$interface" valid_lft "$lease" preferred_lft "$lease"
            ;;
          deconfig) ip -4 address flush dev "$interface" ;;
        esac
      `,
    },
    command: ["udhcpc", "--foreground", "--interface", wire.b.name, "--script", "./lease.sh"],
  },
  // The client gets its address at once if it asks when the server is ready.
  { dependsOn: dnsmasq },
);
