import * as pulumi from "@pulumi/pulumi";
import { Address, Bridge, Namespace, NatRule, Route, Sysctl, Veth } from "pulumi-netns";

const config = new pulumi.Config();
const stage = config.requireNumber("stage");

// Stage 1: two namespaces, each with only its loopback interface.
const red = new Namespace("red");
const blue = new Namespace("blue");

if (stage === 2) {
  // Stage 2: a veth pair between them.
  const cable = new Veth("red-blue", {
    a: { name: "veth-red", namespace: red },
    b: { name: "veth-blue", namespace: blue },
  });
  new Address("red-ip", { interface: cable.a, address: "192.168.15.1/24" });
  new Address("blue-ip", { interface: cable.b, address: "192.168.15.2/24" });
}

if (stage >= 3) {
  // Stage 3: a bridge replaces the pair, and the lab host gets an address on it.
  const lan = new Bridge("v-net-0");
  const redWire = new Veth("red-wire", {
    a: { name: "veth-red", namespace: red },
    b: { name: "veth-red-br", master: lan },
  });
  const blueWire = new Veth("blue-wire", {
    a: { name: "veth-blue", namespace: blue },
    b: { name: "veth-blue-br", master: lan },
  });
  new Address("red-ip", { interface: redWire.a, address: "192.168.15.1/24" });
  new Address("blue-ip", { interface: blueWire.a, address: "192.168.15.2/24" });
  new Address("gateway", { interface: lan, address: "192.168.15.5/24" });
}

if (stage >= 4) {
  // Stage 4: the lab host forwards packets and masquerades them, so that answers return to it.
  new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: "1" });
  if (config.requireBoolean("nat")) {
    new NatRule("lan-out", { type: "masquerade", source: "192.168.15.0/24" });
  }
}

if (stage === 4) {
  new Route("blue-lan", { namespace: blue, destination: "192.168.1.0/24", via: "192.168.15.5" });
}

if (stage === 5) {
  // Stage 5: default routes make the route to the LAN unnecessary.
  new Route("blue-default", { namespace: blue, destination: "default", via: "192.168.15.5" });
  new Route("red-default", { namespace: red, destination: "default", via: "192.168.15.5" });
}
