import { expect, test } from "vitest";
import { look } from "../../checks/index.ts";
import type { Declared } from "../../checks/lab.ts";

let count = 0;
const one = (kind: string, args: object): Declared => ({ kind, name: `n${(count += 1)}`, args });
const namespace = (name: string) => one("Namespace", { name });
const veth = (a: object, b: object) => one("Veth", { a, b });
const bridge = (name: string, more: object = {}) => one("Bridge", { name, ...more });
const route = (from: string, destination: string, via?: string | null) =>
  one("Route", { namespace: from, destination, via });
const forwarding = (where?: string) => one("Sysctl", { namespace: where, key: "net.ipv4.ip_forward", value: "1" });
const nat = (where: string | undefined, source: string) =>
  one("NatRule", { namespace: where, type: "masquerade", source });

/** A namespace with its cable to a bridge of the lab host. */
const on = (master: string, name: string, addresses: string[], more: object = {}) => [
  namespace(name),
  veth({ name: "eth0", namespace: name, addresses, ...more }, { name: `to-${name}`, master }),
];
/** A cable between two places. */
const cable = (a: string | undefined, one: string[], b: string, other: string[]) =>
  veth(
    { name: `to-${b}`, namespace: a, addresses: one },
    { name: `to-${a ?? "host"}`, namespace: b, addresses: other },
  );

const lan = bridge("lan", { addresses: ["10.0.0.1/24"] });
const router = [
  forwarding("r"),
  namespace("r"),
  namespace("x"),
  namespace("y"),
  cable("r", ["10.0.1.1/24"], "x", ["10.0.1.2/24"]),
  cable("r", ["10.0.2.1/24"], "y", ["10.0.2.2/24"]),
];

const cases: [what: string, lab: (Declared | Declared[])[], found: string[]][] = [
  ["two that are linked need no route", [cable("a", ["10.0.0.1/24"], "b", ["10.0.0.2/24"]), namespace("a")], []],
  ["a LAN without a way out", [lan, on("lan", "a", ["10.0.0.2/24"]), on("lan", "b", ["10.0.0.3/24"])], []],

  ["a duplicate", [lan, on("lan", "a", ["10.0.0.2/24"]), on("lan", "b", ["10.0.0.2/16"])], ["duplicate-address"]],
  [
    "a duplicate in another spelling",
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
    "an Address beside an end's own",
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
    "one address where VLANs may keep it apart",
    [bridge("lan", { vlanFiltering: true }), on("lan", "a", ["10.0.0.2/24"]), on("lan", "b", ["10.0.0.2/24"])],
    [],
  ],
  [
    "an address that is not known",
    [lan, on("lan", "a", ["10.0.0.1/24"]).slice(0, 1), veth({ name: null }, { name: "p" })],
    [],
  ],

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
    "a gateway that a route leads to",
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
    "a gateway of the lab host, whose addresses others give",
    [one("Route", { destination: "default", via: "10.9.0.1" })],
    [],
  ],
  [
    "a gateway beside an address that is not known",
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
    "a gateway is not told to take its own way",
    [namespace("g"), cable("g", ["10.0.0.1/24"], "a", ["10.0.0.2/24"]), route("a", "default", "10.0.0.1")],
    ["no-forwarding"],
  ],
  [
    "who is on both LANs of a router",
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

  [
    "forwarding that is missing, once a gateway",
    [
      lan,
      on("lan", "a", ["10.0.0.2/24"], { gateways: ["10.0.0.1"] }),
      on("lan", "b", ["10.0.0.3/24"]),
      route("b", "default", "10.0.0.1"),
    ],
    ["no-forwarding"],
  ],
  [
    "forwarding for the other family",
    [
      bridge("lan", { addresses: ["fd00::1/64"] }),
      forwarding(),
      on("lan", "a", ["fd00::2/64"], { gateways: ["fd00::1"] }),
    ],
    ["no-forwarding"],
  ],
  [
    "forwarding that is not known",
    [
      lan,
      one("Sysctl", { key: "net.ipv4.ip_forward", value: null }),
      on("lan", "a", ["10.0.0.2/24"], { gateways: ["10.0.0.1"] }),
    ],
    [],
  ],

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

  ["MTUs that differ", [lan, on("lan", "a", ["10.0.0.2/24"], { mtu: 1400 })], ["mtu-mismatch"]],
  ["a bridge whose MTU differs", [bridge("b", { mtu: 9000 }), on("b", "a", [])], ["mtu-mismatch"]],
  [
    "a bridge that follows its ports",
    [bridge("b"), veth({ name: "a", mtu: 9000 }, { name: "p", mtu: 9000, master: "b" })],
    [],
  ],
];

test.each(cases)("%s", (_, lab, found) => expect(look(lab.flat()).map(({ check }) => check)).toEqual(found));
