import { bridge, type Case, cable, each, forwarding, lan, namespace, on, one, route, veth } from "./pieces.ts";

const ports = (count: number, master: string) =>
  Array.from({ length: count }, (_, index) =>
    veth({ name: "eth0", namespace: `${master}${index}` }, { name: `${master}-${index}`, master }),
  );

const twice = [namespace("r"), cable("r", ["10.0.0.1/24"], "a", []), cable("r", ["10.0.0.2/24"], "b", [])];
const byRule = one("RoutingRule", { namespace: "r", priority: 100, fwmark: 7, table: 100 });
const inTable = (table: number, more: object = {}) =>
  one("Route", { namespace: "r", destination: "10.0.0.0/24", interface: "to-b", table, ...more });

const cases: Case[] = [
  [
    "two namespaces that are linked, which need no route",
    [cable("a", ["10.0.0.1/24"], "b", ["10.0.0.2/24"]), namespace("a")],
    [],
  ],
  ["a LAN without a gateway", [lan, on("lan", "a", ["10.0.0.2/24"]), on("lan", "b", ["10.0.0.3/24"])], []],

  ["a duplicate", [lan, on("lan", "a", ["10.0.0.2/24"]), on("lan", "b", ["10.0.0.2/24"])], ["duplicate-address"]],
  [
    "a duplicate in another notation",
    [bridge("lan", { addresses: ["fd00::1/64"] }), on("lan", "a", ["fd00:0::0001/64"])],
    ["duplicate-address"],
  ],
  [
    "a duplicate across two bridges that a cable joins",
    [
      lan,
      bridge("far"),
      veth({ name: "x", master: "lan" }, { name: "y", master: "far" }),
      on("lan", "a", ["10.0.0.2/24"]),
      on("far", "b", ["10.0.0.2/24"]),
    ],
    ["duplicate-address"],
  ],
  [
    "a duplicate as an Address and in an end's own addresses",
    [
      cable("a", ["10.0.0.1/24"], "b", []),
      one("Address", { interface: "to-a", namespace: "b", address: "10.0.0.1/24" }),
    ],
    ["duplicate-address"],
  ],
  [
    "one address on two LANs",
    [bridge("l"), bridge("m"), on("l", "a", ["10.0.0.2/24"]), on("m", "b", ["10.0.0.2/24"])],
    [],
  ],
  [
    "one address in VLANs that may be separate",
    [bridge("lan", { vlanFiltering: true }), on("lan", "a", ["10.0.0.2/24"]), on("lan", "b", ["10.0.0.2/24"])],
    [],
  ],
  ["an unknown address", [lan, on("lan", "a", ["10.0.0.1/24"]).slice(0, 1), veth({ name: null }, { name: "p" })], []],

  ["a bridge with many ports", [bridge("lan"), ports(500, "lan")], []],
  ["a bridge with too many ports for broadcasts", [bridge("lan"), ports(501, "lan")], ["crowded-bridge"]],
  ["a bridge with more ports than the kernel allows", [bridge("lan"), ports(1024, "lan")], ["crowded-bridge"]],
  [
    "many ports on two bridges",
    [
      bridge("l"),
      ports(300, "l"),
      bridge("m"),
      ports(300, "m"),
      veth({ name: "x", master: "l" }, { name: "y", master: "m" }),
    ],
    [],
  ],
  ["many ports on a bridge that the program does not create", [ports(600, "lan")], ["unknown-master"]],

  [
    "a gateway off-link",
    [lan, forwarding(), on("lan", "a", ["10.0.0.2/24"]), route("a", "default", "10.9.0.1")],
    ["gateway-off-link"],
  ],
  [
    "an end's gateway off-link",
    [lan, forwarding(), on("lan", "a", ["10.0.0.2/24"], { gateways: ["10.9.0.1"] })],
    ["gateway-off-link"],
  ],
  [
    "a gateway that is the end's own address",
    [lan, forwarding(), on("lan", "a", ["10.0.0.2/24"], { gateways: ["10.0.0.2"] })],
    ["gateway-off-link"],
  ],
  [
    "a gateway that is an address of the namespace itself on another link, in another notation",
    [
      namespace("a"),
      cable("a", ["fd00::1/64"], "b", []),
      cable("a", ["fd01::1/64"], "c", []),
      route("a", "default", "fd01:0::1"),
    ],
    ["gateway-off-link"],
  ],
  [
    "a gateway that is reached by a route",
    [
      lan,
      on("lan", "a", ["10.0.0.2/24"]),
      one("Route", { namespace: "a", destination: "10.9.0.1/32", interface: "eth0" }),
      route("a", "default", "10.9.0.1"),
    ],
    [],
  ],
  [
    "a gateway that is the peer",
    [
      namespace("a"),
      cable("a", [], "b", []),
      one("Address", { interface: "to-b", namespace: "a", address: "10.0.0.1/32", peer: "10.0.0.9" }),
      route("a", "default", "10.0.0.9"),
    ],
    [],
  ],
  [
    "a gateway that is declared as onlink",
    [
      lan,
      on("lan", "a", ["10.0.0.2/32"]),
      one("Route", { namespace: "a", destination: "default", via: "10.9.0.1", interface: "eth0", onlink: true }),
    ],
    [],
  ],
  [
    "a gateway of the lab host, whose other addresses are not declared",
    [one("Route", { destination: "default", via: "10.9.0.1" })],
    [],
  ],
  [
    "a gateway beside an unknown address",
    [namespace("a"), route("a", "default", "10.9.0.1"), one("Address", { interface: "x", address: null })],
    [],
  ],
  ["a link-local gateway", [lan, on("lan", "a", ["fd00::2/64"]), route("a", "default", "fe80::1")], []],

  [
    "overlapping subnets",
    [namespace("r"), cable("r", ["10.0.0.1/16"], "a", []), cable("r", ["10.0.7.1/24"], "b", [])],
    ["overlapping-subnets"],
  ],
  [
    "the same subnet three times",
    [cable("r", ["10.0.0.1/24"], "a", []), cable("r", ["10.0.0.2/24"], "b", []), cable("r", ["10.0.0.3/24"], "c", [])],
    ["overlapping-subnets", "overlapping-subnets"],
  ],
  ["the same subnet twice, and a routing rule for the second", [...twice, byRule, inTable(100)], []],
  [
    "the same subnet twice, and a gateway in the second",
    [...twice, byRule, inTable(100, { destination: "default", via: "10.0.0.9" })],
    [],
  ],
  [
    "the same subnet twice, and a route to it in the main table",
    [...twice, byRule, inTable(254, { metric: 9 })],
    ["overlapping-subnets", "unfilled-table"],
  ],
  [
    "the same subnet twice, and a rule for others",
    [...twice, byRule, inTable(100, { destination: "10.9.0.0/24", interface: "to-b" })],
    ["overlapping-subnets"],
  ],
  ["the same subnet twice, and a table without a rule", [...twice, inTable(100)], ["overlapping-subnets"]],
  ["subnets side by side", [cable("r", ["10.0.0.1/25"], "a", []), cable("r", ["10.0.0.129/25"], "b", [])], []],
  ["link-local on each link", [cable("r", ["fe80::1/64"], "a", []), cable("r", ["fe80::1/64"], "b", [])], []],
  [
    "two interfaces of one namespace on one LAN",
    [
      bridge("l"),
      on("l", "a", ["10.1.0.2/24"]),
      veth({ name: "eth1", namespace: "a", addresses: ["10.1.0.3/24"] }, { name: "second", master: "l" }),
    ],
    [],
  ],
  [
    "a gateway that does not need a route to itself",
    [namespace("g"), cable("g", ["10.0.0.1/24"], "a", ["10.0.0.2/24"]), route("a", "default", "10.0.0.1")],
    ["no-forwarding"],
  ],
  [
    "a host on both LANs of a router",
    [
      forwarding("r"),
      bridge("l"),
      bridge("m"),
      ["r", "x"].flatMap((name, at) => [
        namespace(name),
        veth({ name: "e0", namespace: name, addresses: [`10.0.0.${at + 1}/24`] }, { name: `l-${name}`, master: "l" }),
        veth({ name: "e1", namespace: name, addresses: [`10.0.1.${at + 1}/24`] }, { name: `m-${name}`, master: "m" }),
      ]),
    ],
    [],
  ],

  ["different MTUs", [lan, on("lan", "a", ["10.0.0.2/24"], { mtu: 1400 })], ["mtu-mismatch"]],
  ["a bridge with another MTU", [bridge("b", { mtu: 9000 }), on("b", "a", [])], ["mtu-mismatch"]],
  [
    "a bridge whose MTU follows its ports",
    [bridge("b"), veth({ name: "a", mtu: 9000 }, { name: "p", mtu: 9000, master: "b" })],
    [],
  ],
];

each(cases);
