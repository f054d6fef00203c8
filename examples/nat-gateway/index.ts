import { Address, Namespace, NatRule, Route, Sysctl, Veth } from "pulumi-netns";

const web = new Namespace("web");
const gateway = new Namespace("gateway");
const client = new Namespace("client");

const inside = new Veth("inside", {
  a: { name: "eth0", namespace: web },
  b: { name: "inside", namespace: gateway },
});
const outside = new Veth("outside", {
  a: { name: "outside", namespace: gateway },
  b: { name: "eth0", namespace: client },
});

const server = new Address("web", { interface: inside.a, address: "10.0.0.80/24" });
const router = new Address("gateway-inside", { interface: inside.b, address: "10.0.0.1/24" });
const front = new Address("gateway-outside", { interface: outside.a, address: "203.0.113.1/24" });
new Address("client", { interface: outside.b, address: "203.0.113.9/24" });

new Route("web-default", { namespace: web, destination: "default", via: router.ip });
new Sysctl("forwarding", { namespace: gateway, key: "net.ipv4.ip_forward", value: "1" });

// The client knows only the gateway. The gateway forwards port 80 to the internal server.
new NatRule("publish", {
  namespace: gateway,
  type: "dnat",
  inInterface: outside.a,
  destination: front.ip,
  protocol: "tcp",
  destinationPort: 80,
  toAddress: server.ip,
  toPort: 8080,
});

// Packets from the private network get the gateway's address.
new NatRule("hide", { namespace: gateway, type: "masquerade", source: "10.0.0.0/24", outInterface: outside.a });

export const url = front.ip.apply((address) => `http://${address}/`);
