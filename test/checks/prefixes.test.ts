import { bridge, type Case, cable, each, lan, on, one } from "./pieces.ts";

const cases: Case[] = [
  ["a network address", [cable("a", ["10.0.0.0/24"], "b", ["10.0.0.2/24"])], ["network-address"]],
  ["a broadcast address", [cable("a", ["10.0.0.1/30"], "b", ["10.0.0.3/30"])], ["network-address"]],
  ["both addresses of a /31", [cable("a", ["10.0.0.0/31"], "b", ["10.0.0.1/31"])], []],
  ["single addresses", [cable("a", ["10.0.0.0/32"], "b", ["10.0.0.255/32"])], []],
  ["the first address of an IPv6 network", [cable("a", ["fd00::/64"], "b", ["fd00::1/64"])], []],
  [
    "a broadcast address of a smaller network",
    [cable("a", [], "b", []), one("Address", { interface: "to-b", namespace: "a", address: "10.0.0.127/25" })],
    ["network-address"],
  ],

  ["different prefix lengths", [cable("a", ["10.1.0.10/30"], "b", ["10.1.0.12/24"])], ["mixed-prefixes"]],
  [
    "different prefix lengths across a bridge, told once",
    [lan, on("lan", "a", ["10.0.0.2/25"]), on("lan", "b", ["10.0.0.3/25"]), on("lan", "c", ["10.0.0.4/16"])],
    ["mixed-prefixes"],
  ],
  ["different prefix lengths of IPv6", [cable("a", ["fd00::1/64"], "b", ["fd00::2/48"])], ["mixed-prefixes"]],
  [
    "a prefix that is too short, so that it contains other networks",
    [lan, on("lan", "a", ["10.0.0.2/8"]), on("lan", "b", ["10.0.0.3/24"])],
    ["mixed-prefixes"],
  ],
  ["two networks on one LAN", [cable("a", ["10.0.0.1/24", "10.1.0.1/16"], "b", ["10.0.0.2/24", "10.1.0.2/16"])], []],
  ["a single address beside a network", [cable("a", ["10.0.0.1/24", "10.0.0.9/32"], "b", ["10.0.0.2/24"])], []],
  [
    "different prefix lengths on two LANs",
    [bridge("l"), bridge("m"), on("l", "a", ["10.0.0.2/24"]), on("m", "b", ["10.0.0.3/16"])],
    [],
  ],
];

each(cases);
