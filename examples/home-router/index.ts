import { FilterChain, Hosts, Lan, Process, Router } from "pulumi-netns";

// The internet: a provider's router, and a web site.
const provider = new Router("provider");
const internet = new Lan("internet", {
  networks: ["203.0.113.0/24"],
  router: provider,
  hosts: [{ name: "site", addresses: ["203.0.113.80"] }],
});

const home = new Router("home", {
  nat: true,
  firewall: "stateful",
  portForwards: [{ port: 80, to: "192.168.1.10", toPort: 8080 }],
});
new Lan("main", { networks: ["192.168.1.0/24"], router: home, hosts: [{ name: "nas", addresses: ["192.168.1.10"] }] });
const guests = new Lan("guests", {
  networks: ["192.168.2.0/24"],
  router: home,
  // A guest's phone gets its address and its default route from dnsmasq.
  hosts: [{ name: "phone", interface: "wlan0", dhcp: true }],
});
new Hosts("phone-names", { namespace: guests.hosts.phone, nameservers: [...guests.gateways] });
internet.join(home, { addresses: ["203.0.113.5"] });

// Guests reach the internet, and of the router only DHCP and DNS. They do not reach the main LAN.
const fromGuests = { inInterface: "guests" };
new FilterChain("guests-forward", {
  namespace: home.namespace,
  chain: "forward",
  priority: -10,
  rules: [{ action: "drop", ...fromGuests, outInterface: "main", ctState: "new" }],
});
new FilterChain("guests-input", {
  namespace: home.namespace,
  chain: "input",
  priority: -10,
  rules: [
    { action: "accept", ...fromGuests, protocol: "udp", destinationPort: [53, 67] },
    { action: "accept", ...fromGuests, protocol: "tcp", destinationPort: 53 },
    { action: "accept", ...fromGuests, protocol: "icmp" },
    { action: "drop", ...fromGuests },
  ],
});

new Process("dnsmasq", {
  namespace: home.namespace,
  files: {
    "dnsmasq.conf": `
      log-facility=-
      no-resolv
      no-hosts
      except-interface=internet
      dhcp-range=192.168.1.100,192.168.1.200,1h
      dhcp-range=192.168.2.100,192.168.2.200,1h
      dhcp-authoritative
      leasefile-ro
      address=/nas.home/192.168.1.10
      address=/site.example/203.0.113.80
    `,
  },
  // --no-daemon stays in the foreground, and does not change its user: a sandbox has only one.
  command: ["dnsmasq", "--no-daemon", "--conf-file=dnsmasq.conf"],
  ready: { log: "DHCP, IP range" },
});
