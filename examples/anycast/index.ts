import { Address, Host, Link, Process, Route, Router, Sysctl } from "pulumi-netns";

// Three servers with one address, behind a router that spreads connections over them.
const anycast = "192.0.2.53";
const router = new Router("router");
const client = new Host("client");
new Link("access", { a: client, b: router, networks: ["10.0.0.0/30"], gateway: "b" });

// A connection stays with its server: the router selects by addresses and ports. It ignores a server whose link is down.
new Sysctl("by-connection", { namespace: router.namespace, key: "net.ipv4.fib_multipath_hash_policy", value: 1 });
new Sysctl("only-live-links", {
  namespace: router.namespace,
  key: "net.ipv4.conf.all.ignore_routes_with_linkdown",
  value: 1,
});

const legs = ["one", "two", "three"].map((name, index) => {
  const server = new Host(name);
  const leg = new Link(`to-${name}`, { a: router, b: server, networks: [`10.0.${index + 1}.0/30`], gateway: "a" });
  const address = new Address(`${name}-anycast`, {
    namespace: server.namespace,
    interface: "lo",
    address: `${anycast}/32`,
  });
  const command = ["python3", "-m", "http.server", "--bind", anycast, "80"];
  const files = { "index.html": `${name}\n` };
  new Process(
    `${name}-web`,
    { namespace: server.namespace, command, files, ready: { tcp: 80 } },
    { dependsOn: address },
  );
  return leg;
});

new Route("anycast", {
  namespace: router.namespace,
  destination: `${anycast}/32`,
  nexthops: legs.map((leg) => ({ via: leg.addresses.b[0] ?? "" })),
});
