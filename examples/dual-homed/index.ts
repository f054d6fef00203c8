import { FilterChain, Lan, Link, Route, Router, RoutingRule } from "pulumi-netns";

// An office with an address from each of two providers. A provider drops packets with any other source address, so the office must
// answer through the provider to whose address a packet was sent.
const office = new Router("office");
const internet = new Lan("internet", { networks: ["192.0.2.0/24"], gateways: [] });
const site = new Router("site");
internet.join(site, { addresses: ["192.0.2.80"] });

const providers = [
  { name: "alpha", network: "198.51.100.0/30", address: "192.0.2.1", table: 101, gateway: "b" },
  { name: "beta", network: "203.0.113.0/30", address: "192.0.2.2", table: 102 },
] as const;

for (const { name, network, address, table, ...way } of providers) {
  const provider = new Router(name);
  internet.join(provider, { addresses: [address] });
  const uplink = new Link(`to-${name}`, { a: office, b: provider, networks: [network], ...way });
  const [own = "", gateway = ""] = [uplink.addresses.a[0], uplink.addresses.b[0]];

  new FilterChain(`${name}-sources`, {
    namespace: provider.namespace,
    chain: "forward",
    rules: [
      { action: "accept", inInterface: uplink.b, source: network },
      { action: "drop", inInterface: uplink.b },
    ],
  });
  new Route(`${name}-default`, { namespace: office.namespace, destination: "default", via: gateway, table });
  new RoutingRule(`from-${name}`, { namespace: office.namespace, priority: 1000, from: own, table });
  new Route(`back-by-${name}`, { namespace: site.namespace, destination: network, via: address });
}
