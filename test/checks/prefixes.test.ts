import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
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
    "different prefix lengths across a bridge, reported once",
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

test.each<[string, Case[1], RegExp, string]>([
  [
    "a prefix that is too short",
    [lan, on("lan", "a", ["10.0.0.2/8"]), on("lan", "b", ["10.0.0.3/24"])],
    /^the prefix lengths in one LAN differ: lan has 10\.0\.0\.1\/24, a\/eth0 has 10\.0\.0\.2\/8\. For lan, only 10\.0\.0\.0\/24 is on the LAN; for a\/eth0, all of 10\.0\.0\.0\/8 is$/,
    "use the same prefix length for all addresses of the network",
  ],
  [
    "a network address",
    [cable("a", ["10.0.0.0/24"], "b", ["10.0.0.2/24"])],
    /^10\.0\.0\.0\/24 of a\/to-b \(Veth n\d+\) is the network address of its network$/,
    "use an address between the first and the last of the network, or another prefix length",
  ],
  [
    "a broadcast address",
    [cable("a", ["10.0.0.1/24"], "b", ["10.0.0.255/24"])],
    /^10\.0\.0\.255\/24 of b\/to-a \(Veth n\d+\) is the broadcast address of its network$/,
    "use an address between the first and the last of the network, or another prefix length",
  ],
  [
    "an address on two interfaces",
    [lan, on("lan", "a", ["10.0.0.2/24"]), on("lan", "b", ["10.0.0.2/24"])],
    /^10\.0\.0\.2 is on two interfaces of one LAN: a\/eth0 \(Veth n\d+\) and b\/eth0\. Which one answers is unpredictable$/,
    "give one of them another address",
  ],
  [
    "different MTUs",
    [lan, on("lan", "a", [], { mtu: 1300 })],
    /^the MTUs in one LAN differ: a\/eth0 has 1300, .* has 1500\. Larger packets are silently dropped$/,
    "set the same mtu on all interfaces of the LAN; the default is 1500",
  ],
])("the message about %s has the values, and its help says how to fix it", (_what, lab, message, help) => {
  expect(runChecks(lab.flat())).toMatchObject([{ message: expect.stringMatching(message), help }]);
});
