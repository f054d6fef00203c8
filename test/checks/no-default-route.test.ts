import { type Case, cable, each, forwarding, lan, namespace, nat, on, one, route } from "./pieces.ts";

const router = [
  forwarding("r"),
  namespace("r"),
  namespace("x"),
  namespace("y"),
  cable("r", ["10.0.1.1/24"], "x", ["10.0.1.2/24"]),
  cable("r", ["10.0.2.1/24"], "y", ["10.0.2.2/24"]),
];

const cases: Case[] = [
  [
    "a neighbour with a default route",
    [lan, forwarding(), on("lan", "a", ["10.0.0.2/24"], { gateways: ["10.0.0.1"] }), on("lan", "b", ["10.0.0.3/24"])],
    ["no-default-route"],
  ],
  [
    "a neighbour with a route to one network",
    [
      lan,
      forwarding(),
      on("lan", "a", ["10.0.0.2/24"]),
      route("a", "192.168.1.0/24", "10.0.0.1"),
      on("lan", "b", ["10.0.0.3/24"]),
    ],
    [],
  ],
  [
    "a neighbour with a default route, where the empty list of gateways is given",
    [
      lan,
      forwarding(),
      on("lan", "a", ["10.0.0.2/24"], { gateways: ["10.0.0.1"] }),
      on("lan", "b", ["10.0.0.3/24"], { gateways: [] }),
    ],
    [],
  ],
  ["two namespaces behind a router, without routes", router, ["no-default-route", "no-default-route"]],
  [
    "two namespaces behind a router, one of them with a route",
    [...router, route("x", "10.0.2.0/24", "10.0.1.1")],
    ["no-default-route"],
  ],
  [
    "a host that sees only the router's address, and a host behind the router",
    [...router, route("x", "default", "10.0.1.1"), nat("r", "10.0.1.0/24")],
    [],
  ],
  [
    "a LAN that the lab host masquerades, without routes",
    [
      lan,
      forwarding(),
      nat(undefined, "10.0.0.0/24"),
      on("lan", "a", ["10.0.0.2/24"]),
      on("lan", "b", ["10.0.0.3/24"]),
    ],
    ["no-default-route", "no-default-route"],
  ],
  [
    "a LAN that the lab host masquerades, with one host that has a route to some network",
    [
      lan,
      forwarding(),
      nat(undefined, "10.0.0.0/24"),
      on("lan", "a", ["10.0.0.2/24"]),
      route("a", "192.168.1.0/24", "10.0.0.1"),
      on("lan", "b", ["10.0.0.3/24"]),
    ],
    [],
  ],
  [
    "a masquerade of packets to an interface that the program does not declare",
    [lan, forwarding(), one("NatRule", { type: "masquerade", outInterface: "eth0" }), on("lan", "a", ["10.0.0.2/24"])],
    ["no-default-route"],
  ],
  [
    "a masquerade of packets to the LAN",
    [lan, forwarding(), one("NatRule", { type: "masquerade", outInterface: "lan" }), on("lan", "a", ["10.0.0.2/24"])],
    [],
  ],
  [
    "a masquerade of another network",
    [lan, forwarding(), nat(undefined, "10.9.0.0/24"), on("lan", "a", ["10.0.0.2/24"])],
    [],
  ],
  [
    "a masquerade on a lab host that does not forward",
    [lan, nat(undefined, "10.0.0.0/24"), on("lan", "a", ["10.0.0.2/24"])],
    [],
  ],
  ["an unknown route", [...router, one("Route", { namespace: null, destination: "default" })], []],
];

each(cases);
