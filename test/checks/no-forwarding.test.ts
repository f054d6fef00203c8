import { bridge, type Case, cable, each, forwarding, lan, namespace, on, one, route } from "./pieces.ts";

const own = (address: string | null) => one("Address", { namespace: "g", interface: "lo", address });
const anycast = [
  ...["g", "a"].map(namespace),
  cable("g", ["10.0.0.1/24", "fd00::1/64"], "a", ["10.0.0.2/24", "fd00::2/64"]),
  ...[own("192.0.2.53/32"), own("2001:db8::53/128")],
];

const cases: Case[] = [
  ["a gateway to an address of its own", [anycast, route("a", "192.0.2.53/32", "10.0.0.1")], []],
  ["a gateway to an IPv6 address of its own", [anycast, route("a", "2001:db8::53/128", "fd00::1")], []],
  ["a gateway to another address", [anycast, route("a", "192.0.2.54/32", "10.0.0.1")], ["no-forwarding"]],
  ["a gateway to the network of its own address", [anycast, route("a", "192.0.2.0/24", "10.0.0.1")], ["no-forwarding"]],
  [
    "a gateway to an address of its own, and to others",
    [anycast, route("a", "192.0.2.53/32", "10.0.0.1"), route("a", "default", "10.0.0.1")],
    ["no-forwarding"],
  ],
  [
    "a gateway to an address that its program may add",
    [anycast, one("Process", { namespace: "g", command: ["bird"] }), route("a", "192.0.2.54/32", "10.0.0.1")],
    [],
  ],
  ["a gateway to an address that it may have", [anycast, own(null), route("a", "192.0.2.54/32", "10.0.0.1")], []],
  [
    "missing forwarding, reported once for each gateway",
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
    "an unknown forwarding setting",
    [
      lan,
      one("Sysctl", { key: "net.ipv4.ip_forward", value: null }),
      on("lan", "a", ["10.0.0.2/24"], { gateways: ["10.0.0.1"] }),
    ],
    [],
  ],
];

each(cases);
