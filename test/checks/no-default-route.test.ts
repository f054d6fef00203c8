import { bridge, type Case, cable, each, forwarding, lan, namespace, nat, on, one, route, veth } from "./pieces.ts";

const router = [
  forwarding("r"),
  namespace("r"),
  namespace("x"),
  namespace("y"),
  cable("r", ["10.0.1.1/24"], "x", ["10.0.1.2/24"]),
  cable("r", ["10.0.2.1/24"], "y", ["10.0.2.2/24"]),
];

/** A router with an interface in a LAN for its management, in a VRF, and one to a LAN of clients, with a route. */
const managed = [
  ...[bridge("mgmt"), on("mgmt", "noc", ["10.99.0.100/24"]), namespace("r"), forwarding("r")],
  ...[namespace("c"), cable("r", ["10.1.0.1/24"], "c", ["10.1.0.2/24"]), route("c", "default", "10.1.0.1")],
  one("Vrf", { name: "mgmt", namespace: "r", table: 99 }),
  veth({ name: "m0", namespace: "r", master: "mgmt", addresses: ["10.99.0.1/24"] }, { name: "m-r", master: "mgmt" }),
];
const inVrf = (place: string, network: number, master?: string) => [
  namespace(place),
  veth(
    { name: `to-${place}`, namespace: "r", addresses: [`10.${network}.0.1/24`], ...(master && { master }) },
    { name: "eth0", namespace: place, addresses: [`10.${network}.0.2/24`] },
  ),
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
  ...[{ family: "ip6" }, { inInterface: "eth0" }].map(
    (more): Case => [
      `a masquerade of other packets to an interface that the program does not declare, ${Object.keys(more).join()}`,
      [
        ...[lan, forwarding(), one("NatRule", { type: "masquerade", outInterface: "eth0", ...more })],
        ...on("lan", "a", ["10.0.0.2/24"]),
      ],
      [],
    ],
  ),
  [
    "a host that sees the router's address only in IPv6",
    [
      ...[...router, route("x", "default", "10.0.1.1")],
      one("NatRule", { namespace: "r", type: "masquerade", family: "ip6" }),
    ],
    ["no-default-route"],
  ],
  [
    "a host that sees the router's address in both families",
    [...router, route("x", "default", "10.0.1.1"), one("NatRule", { namespace: "r", type: "masquerade" })],
    [],
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
  ["a LAN with a router's interface in a VRF, which has no other one", managed, []],
  [
    "a LAN with a router's interface in a VRF, which has another one",
    [...managed, inVrf("t", 98, "mgmt")],
    ["no-default-route", "no-default-route"],
  ],
  [
    "a LAN with a router's interface in a VRF, of which a route leads to another interface",
    [
      ...[...managed, inVrf("t", 98), route("t", "default", "10.98.0.1")],
      one("Route", { namespace: "r", destination: "10.98.0.0/24", interface: "to-t", table: 99 }),
    ],
    ["no-default-route"],
  ],
  [
    "a LAN with a router's interface in a VRF, and a masquerade of packets that leave through another interface",
    [...managed, one("NatRule", { namespace: "r", type: "masquerade", outInterface: "to-c" })],
    [],
  ],
  ["an unknown route", [...router, one("Route", { namespace: null, destination: "default" })], []],
];

each(cases);
