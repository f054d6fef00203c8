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
  ["two behind a router, without routes", router, ["no-default-route", "no-default-route"]],
  ["one of them has a route", [...router, route("x", "10.0.2.0/24", "10.0.1.1")], ["no-default-route"]],
  [
    "who sees only the router's address, and who is behind it",
    [...router, route("x", "default", "10.0.1.1"), nat("r", "10.0.1.0/24")],
    [],
  ],
  [
    "a LAN that the lab host hides, and no routes",
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
    "one of them has a route to some network",
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
    "what leaves by an interface of the lab host's own is hidden",
    [lan, forwarding(), one("NatRule", { type: "masquerade", outInterface: "eth0" }), on("lan", "a", ["10.0.0.2/24"])],
    ["no-default-route"],
  ],
  [
    "what is sent to the LAN is hidden",
    [lan, forwarding(), one("NatRule", { type: "masquerade", outInterface: "lan" }), on("lan", "a", ["10.0.0.2/24"])],
    [],
  ],
  [
    "another network is hidden",
    [lan, forwarding(), nat(undefined, "10.9.0.0/24"), on("lan", "a", ["10.0.0.2/24"])],
    [],
  ],
  [
    "the lab host hides and does not forward",
    [lan, nat(undefined, "10.0.0.0/24"), on("lan", "a", ["10.0.0.2/24"])],
    [],
  ],
  ["a route that is not known", [...router, one("Route", { namespace: null, destination: "default" })], []],
];

each(cases);
