import { expect, test } from "vitest";
import { natSchema } from "../../../provider/kinds/nat-args.ts";
import { natRule } from "../../../provider/kinds/nat-rule.ts";
import { families } from "../../../provider/kinds/packet-match.ts";
import { check, UNKNOWN } from "../../../provider/schema.ts";
import { ready } from "../samples.ts";

const REDIRECT = { type: "redirect", protocol: "tcp" };
const NO_PORTS = 'requires protocols with ports: set protocol to "tcp", "udp" or "sctp", or a list of these';

test.each([
  [{ type: "nat" }, "type", '"nat" is not one of "masquerade", "snat", "dnat", "redirect"'],
  [{ type: "snat" }, "toAddress", 'missing: snat requires the address to translate to, e.g. "192.168.15.1"'],
  [{ type: "dnat" }, "toAddress", 'missing: dnat requires the address to translate to, e.g. "192.168.15.1"'],
  [
    { type: "masquerade", toAddress: "10.0.0.1" },
    "toAddress",
    "masquerade takes no toAddress: it translates to the address of the interface",
  ],
  [
    { type: "redirect", toAddress: "10.0.0.1" },
    "toAddress",
    "redirect takes no toAddress: it translates to the address of the interface",
  ],
  [{ type: "snat", toAddress: "10.0.0.1/8" }, "toAddress", 'the network is "10.0.0.0/8", the host alone "10.0.0.1/32"'],
  [{ type: "snat", toAddress: "0.0.0.0/0" }, "toAddress", '"0.0.0.0/0" is not an address or a range of addresses'],
  [{ type: "snat", toAddress: "10.0.0.9-10.0.0.1" }, "toAddress", ": the first address is higher than the last"],
  [{ type: "snat", toAddress: "10.0.0.1-fd00::1" }, "toAddress", ': "10.0.0.1" is IPv4 but "fd00::1" is IPv6'],
  [{ type: "snat", toAddress: "10.0.0.1-9" }, "toAddress", '"10.0.0.1-9" is not an address or a range of addresses'],
  [{ type: "snat", toAddress: "10.0.0.1-10.0.0.2-" }, "toAddress", ": a range has two addresses"],
  [
    { type: "masquerade", exclude: true },
    "type",
    'an exception has no masquerade; use "snat", which says the direction',
  ],
  [{ type: "redirect", exclude: true }, "type", 'an exception has no redirect; use "dnat", which says the direction'],
  [
    { type: "snat", exclude: true, toAddress: "10.0.0.1" },
    "toAddress",
    "has no effect: the rule excludes packets from translation",
  ],
  [
    { type: "dnat", exclude: true, protocol: "tcp", toPort: 80 },
    "toPort",
    "has no effect: the rule excludes packets from translation",
  ],
  [
    { type: "snat", exclude: true, persistent: true },
    "persistent",
    "has no effect: the rule excludes packets from translation",
  ],
  [
    { type: "masquerade", random: true, fullyRandom: true },
    "random",
    "has no effect: fullyRandom already chooses ports at random",
  ],
  [
    { type: "dnat", toAddress: "10.0.0.1", outInterface: "eth0" },
    "outInterface",
    '"eth0" cannot be matched by dnat: it acts before a packet is routed; use inInterface or destination',
  ],
  [
    { type: "redirect", outInterface: "eth0" },
    "outInterface",
    '"eth0" cannot be matched by redirect: it acts before a packet is routed; use inInterface or destination',
  ],
  [
    { type: "redirect", inInterface: "*" },
    "inInterface",
    '"*" is not an interface name, or a prefix of names followed by "*": it matches every interface; omit the argument instead',
  ],
  [{ type: "masquerade", destinationPort: 80 }, "destinationPort", `a port, here 80, ${NO_PORTS}`],
  [{ type: "masquerade", sourcePort: "80-90", protocol: "icmp" }, "sourcePort", `a port, here "80-90", ${NO_PORTS}`],
  [{ type: "redirect", toPort: 80, protocol: "icmpv6" }, "toPort", `a port, here 80, ${NO_PORTS}`],
  [{ ...REDIRECT, toPort: 0 }, "toPort", "0 is not a port from 1 to 65535, or a range of them: port 0 does not exist"],
  [{ ...REDIRECT, destinationPort: 65_536 }, "destinationPort", "65536 is not a port from 1 to 65535"],
  [{ ...REDIRECT, sourcePort: "80-70" }, "sourcePort", '"80-70" is not a port from 1 to 65535'],
  [{ ...REDIRECT, protocol: "gre" }, "protocol", '"gre" is not one of "tcp", "udp", "sctp", "icmp", "icmpv6"'],
  [
    { type: "masquerade", source: "10.0.0.1/8" },
    "source",
    '"10.0.0.1/8" is a host address, but a network is required; the network is "10.0.0.0/8"',
  ],
  [
    { type: "masquerade", source: "10.0.0" },
    "source",
    '"10.0.0" is not an address or a network: it has 3 numbers; an IPv4 address has 4',
  ],
  [
    { type: "masquerade", source: "10.0.0.0/8", destination: "fd00::/8" },
    "destination",
    "is IPv6 but source is IPv4; a rule must use one family",
  ],
  [
    { type: "masquerade", source: "10.0.0.0/8", family: "ip6" },
    "source",
    "is IPv4 but family is IPv6; a rule must use one family",
  ],
  [
    { type: "masquerade", destination: "fd00::/8", protocol: "icmp" },
    "protocol",
    "is IPv4 but destination is IPv6; a rule must use one family",
  ],
  [
    { type: "snat", source: "10.0.0.0/8", toAddress: "fd00::1" },
    "toAddress",
    "is IPv6 but source is IPv4; a rule must use one family",
  ],
  [
    { type: "masquerade", source: ["10.0.0.0/8", "fd00::/8"] },
    "source",
    '["10.0.0.0/8","fd00::/8"] mixes IPv4 and IPv6; declare a rule for each family',
  ],
  [
    { type: "masquerade", source: ["10.0.0.0/8"], destination: ["fd00::/8", "fd01::1"] },
    "destination",
    "is IPv6 but source is IPv4; a rule must use one family",
  ],
  [
    { type: "masquerade", destination: [] },
    "destination",
    "the list is empty, so the rule would match nothing; omit the argument to match everything",
  ],
  [
    { type: "masquerade", source: "10.0.0.0/8, 10.1.0.1" },
    "source",
    '"10.0.0.0/8, 10.1.0.1" is a list in one text; write ["10.0.0.0/8", "10.1.0.1"]',
  ],
  [
    { type: "masquerade", outInterface: ["eth0", "veth-*"] },
    "outInterface",
    'a list of interfaces cannot include the prefix "veth-*"; declare a rule for the prefix',
  ],
  [
    { type: "redirect", outInterface: ["eth0", "eth1"] },
    "outInterface",
    '["eth0","eth1"] cannot be matched by redirect: it acts before a packet is routed; use inInterface or destination',
  ],
  [
    { type: "redirect", protocol: ["tcp", "icmp"], destinationPort: [80, 443] },
    "destinationPort",
    `a port, here [80,443], ${NO_PORTS}`,
  ],
  [
    { ...REDIRECT, protocol: ["tcp", "gre"] },
    "protocol.1",
    '"gre" is not one of "tcp", "udp", "sctp", "icmp", "icmpv6"',
  ],
  [{ ...REDIRECT, destinationPort: [80, 0] }, "destinationPort.1", "0 is not a port from 1 to 65535"],
  [
    { type: "masquerade", policy: "drop" },
    "policy",
    '"drop" is not an argument: it only describes a changed policy of the rule\'s chain in the kernel',
  ],
  [{ type: "masquerade", family: "arp" }, "family", '"arp" is not one of "ip", "ip6", "inet"'],
  [{ type: "masquerade", priority: -200 }, "priority", "-200 is not the priority of a nat chain: it is less than -199"],
])("%j is refused at %s: %s", (args, property, reason) => {
  expect(check(natSchema, args)).toEqual({ failures: [{ property, reason: expect.stringContaining(reason) }] });
});

test.each([
  { type: "snat", toAddress: UNKNOWN },
  { type: "masquerade", toAddress: UNKNOWN, inInterface: UNKNOWN },
  { type: UNKNOWN, toAddress: "10.0.0.1", inInterface: "eth0", outInterface: "eth1" },
  { type: "redirect", protocol: UNKNOWN, toPort: 80, sourcePort: 1, destinationPort: 2 },
  { type: "redirect", toPort: UNKNOWN, sourcePort: UNKNOWN, destinationPort: UNKNOWN, protocol: "icmp" },
  { type: "masquerade", source: "10.0.0.0/8", destination: UNKNOWN, family: "ip6" },
  { type: "masquerade", source: "10.0.0.0/8", destination: "fd00::/8", family: UNKNOWN },
  { type: "masquerade", source: ["10.0.0.0/8", UNKNOWN], outInterface: ["eth0", UNKNOWN] },
  { type: "redirect", protocol: ["tcp", UNKNOWN], destinationPort: [80, UNKNOWN] },
])("no rule over several arguments is applied to %j as long as a value is unknown", (args) => {
  const defaults = { exclude: false, random: false, fullyRandom: false, persistent: false };
  expect(check(natSchema, args)).toEqual({ args: { ...defaults, ...args } });
});

test.each([
  [{ type: "masquerade" }, "inet", 100],
  [{ type: "masquerade", source: "10.0.0.0/8" }, "ip", 100],
  [{ type: "masquerade", destination: "fd00::/8" }, "ip6", 100],
  [{ type: "snat", toAddress: "fd00::1" }, "ip6", 100],
  [{ type: "dnat", toAddress: "10.0.0.1" }, "ip", -100],
  [{ type: "redirect", protocol: "icmp" }, "ip", -100],
  [{ type: "redirect", protocol: "icmpv6" }, "ip6", -100],
  [{ type: "redirect", protocol: "tcp" }, "inet", -100],
  [{ type: "redirect", protocol: ["icmpv6"] }, "ip6", -100],
  [{ type: "redirect", protocol: ["icmp", "icmpv6"] }, "inet", -100],
  [{ type: "masquerade", destination: ["fd00::/8", "fe00::1"] }, "ip6", 100],
  [{ type: "redirect", family: "ip6", priority: 5 }, "ip6", 5],
])("%j is of the family %s and has the priority %d", (args, family, priority) => {
  expect(ready(natRule, args)).toMatchObject({ family, priority });
});

test.each([
  [
    { type: "masquerade", source: UNKNOWN },
    { family: undefined, priority: 100 },
  ],
  [{ type: UNKNOWN, source: "10.0.0.0/8" }, { priority: undefined }],
])("no default is derived from %j", (args, expected) => {
  expect(ready(natRule, args)).toMatchObject(expected);
});

test.each([
  [{}, []],
  [{ family: "inet" }, []],
  [{ family: "ip", source: "10.0.0.0/8" }, [{ at: "family", family: "ip" }]],
  [
    { source: "10.0.0.0/8", protocol: "icmpv6" },
    [
      { at: "source", family: "ip" },
      { at: "protocol", family: "ip6" },
    ],
  ],
] as const)("the families of %j are %j", (args, expected) => {
  expect(families(args)).toEqual(expected);
});
