import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { natRule } from "../../../provider/kinds/nat-rule.ts";
import { chainOf, definition, statement, stateOf } from "../../../provider/kinds/nat-text.ts";
import natSample from "../../kinds/nat-rule.sample.ts";
import { MARK, ready } from "../samples.ts";

const match = (left: object, right: unknown, op = "==") => ({ match: { op, left, right } });
const meta = (key: string, right: unknown) => match({ meta: { key } }, right);
const header = (protocol: string, field: string, right: unknown) => match({ payload: { protocol, field } }, right);
const range = <T>(from: T, to: T) => ({ range: [from, to] });
const prefix = (addr: string, len: number) => ({ prefix: { addr, len } });

/** Arguments, the statement for nft, and the JSON in which nft 1.0.6 shows it. */
const rules: [args: object, said: string, chain: string, shown: unknown[]][] = [
  [{ type: "masquerade" }, "masquerade", "postrouting", [{ masquerade: null }]],
  [
    { type: "masquerade", source: "192.168.15.0/24" },
    "ip saddr 192.168.15.0/24 masquerade",
    "postrouting",
    [header("ip", "saddr", prefix("192.168.15.0", 24)), { masquerade: null }],
  ],
  [
    { type: "masquerade", source: "0.0.0.0/0" },
    "ip saddr 0.0.0.0/0 masquerade",
    "postrouting",
    [header("ip", "saddr", prefix("0.0.0.0", 0)), { masquerade: null }],
  ],
  [
    { type: "masquerade", source: "0.0.0.0/32" },
    "ip saddr 0.0.0.0/32 masquerade",
    "postrouting",
    [header("ip", "saddr", "0.0.0.0"), { masquerade: null }],
  ],
  [
    { type: "masquerade", family: "ip6", outInterface: "eth0" },
    'meta nfproto ipv6 oifname "eth0" masquerade',
    "postrouting",
    [meta("nfproto", "ipv6"), meta("oifname", "eth0"), { masquerade: null }],
  ],
  [
    { type: "masquerade", protocol: "icmpv6" },
    "meta nfproto ipv6 meta l4proto 58 masquerade",
    "postrouting",
    [meta("l4proto", "ipv6-icmp"), { masquerade: null }],
  ],
  [
    { type: "masquerade", source: "fd00::/64", protocol: "udp", sourcePort: 53 },
    "ip6 saddr fd00::/64 udp sport 53 masquerade",
    "postrouting",
    [header("ip6", "saddr", prefix("fd00::", 64)), header("udp", "sport", 53), { masquerade: null }],
  ],
  [
    { type: "masquerade", family: "ip", protocol: "tcp", sourcePort: 1, destinationPort: 2, toPort: "3-4" },
    "meta nfproto ipv4 tcp sport 1 tcp dport 2 masquerade to :3-4",
    "postrouting",
    [
      meta("nfproto", "ipv4"),
      header("tcp", "sport", 1),
      header("tcp", "dport", 2),
      { masquerade: { port: { range: [3, 4] } } },
    ],
  ],
  [
    { type: "snat", source: "10.0.0.1", toAddress: "203.0.113.1" },
    "ip saddr 10.0.0.1/32 snat ip to 203.0.113.1",
    "postrouting",
    [header("ip", "saddr", "10.0.0.1"), { snat: { family: "ip", addr: "203.0.113.1" } }],
  ],
  [
    { type: "snat", protocol: "tcp", toAddress: "203.0.113.1", toPort: "1024-2048" },
    "meta nfproto ipv4 meta l4proto 6 snat ip to 203.0.113.1:1024-2048",
    "postrouting",
    [
      meta("nfproto", "ipv4"),
      meta("l4proto", "tcp"),
      { snat: { family: "ip", addr: "203.0.113.1", port: { range: [1024, 2048] } } },
    ],
  ],
  [
    {
      type: "dnat",
      inInterface: "wan*",
      destination: "203.0.113.1",
      protocol: "tcp",
      destinationPort: 80,
      toAddress: "10.0.0.1",
      toPort: 8080,
    },
    'iifname "wan*" ip daddr 203.0.113.1/32 tcp dport 80 dnat ip to 10.0.0.1:8080',
    "prerouting",
    [
      meta("iifname", "wan*"),
      header("ip", "daddr", "203.0.113.1"),
      header("tcp", "dport", 80),
      { dnat: { family: "ip", addr: "10.0.0.1", port: 8080 } },
    ],
  ],
  [
    { type: "snat", toAddress: "203.0.113.1-203.0.113.9", persistent: true },
    "meta nfproto ipv4 snat ip to 203.0.113.1-203.0.113.9 persistent",
    "postrouting",
    [
      meta("nfproto", "ipv4"),
      { snat: { family: "ip", addr: range("203.0.113.1", "203.0.113.9"), flags: "persistent" } },
    ],
  ],
  [
    { type: "snat", toAddress: "203.0.113.0-203.0.113.15", fullyRandom: true, persistent: true },
    "meta nfproto ipv4 snat ip to 203.0.113.0-203.0.113.15 fully-random,persistent",
    "postrouting",
    [
      meta("nfproto", "ipv4"),
      { snat: { family: "ip", addr: prefix("203.0.113.0", 28), flags: ["fully-random", "persistent"] } },
    ],
  ],
  [
    { type: "dnat", protocol: "tcp", toAddress: "fd00::1-fd00::5", toPort: "80-90", random: true },
    "meta nfproto ipv6 meta l4proto 6 dnat ip6 to [fd00::1]-[fd00::5]:80-90 random",
    "prerouting",
    [
      meta("nfproto", "ipv6"),
      meta("l4proto", "tcp"),
      { dnat: { family: "ip6", addr: range("fd00::1", "fd00::5"), port: range(80, 90), flags: "random" } },
    ],
  ],
  [
    { type: "snat", source: "10.0.0.0/8", destination: "10.8.0.0/16", exclude: true },
    "ip saddr 10.0.0.0/8 ip daddr 10.8.0.0/16 accept",
    "postrouting",
    [header("ip", "saddr", prefix("10.0.0.0", 8)), header("ip", "daddr", prefix("10.8.0.0", 16)), { accept: null }],
  ],
  [
    { type: "dnat", inInterface: "wan", priority: -50, exclude: true },
    'iifname "wan" accept',
    "prerouting_at_-50",
    [meta("iifname", "wan"), { accept: null }],
  ],
  [
    { type: "dnat", protocol: "udp", destinationPort: "5000-5010", toAddress: "fd00::1", toPort: 53 },
    "meta nfproto ipv6 udp dport 5000-5010 dnat ip6 to [fd00::1]:53",
    "prerouting",
    [
      meta("nfproto", "ipv6"),
      header("udp", "dport", { range: [5000, 5010] }),
      { dnat: { family: "ip6", addr: "fd00::1", port: 53 } },
    ],
  ],
  [
    { type: "redirect", protocol: "tcp", destinationPort: 80, toPort: 8080 },
    "tcp dport 80 redirect to :8080",
    "prerouting",
    [header("tcp", "dport", 80), { redirect: { port: 8080 } }],
  ],
  [
    {
      type: "masquerade",
      source: ["10.0.1.0/24", "10.0.0.0/24", "192.0.2.1"],
      destination: ["198.51.100.1"],
      inInterface: ["lan1", "lan0"],
      outInterface: ["wan"],
    },
    'iifname { "lan0", "lan1" } oifname "wan" ip saddr { 10.0.0.0/23, 192.0.2.1/32 } ip daddr 198.51.100.1/32 masquerade',
    "postrouting",
    [
      meta("iifname", { set: ["lan0", "lan1"] }),
      meta("oifname", "wan"),
      header("ip", "saddr", { set: [prefix("10.0.0.0", 23), "192.0.2.1"] }),
      header("ip", "daddr", "198.51.100.1"),
      { masquerade: null },
    ],
  ],
  [
    { type: "dnat", protocol: ["udp", "tcp"], destinationPort: [443, 80, "8000-8099"], toAddress: "10.0.0.1" },
    "meta nfproto ipv4 meta l4proto { 6, 17 } th dport { 80, 443, 8000-8099 } dnat ip to 10.0.0.1",
    "prerouting",
    [
      meta("nfproto", "ipv4"),
      meta("l4proto", { set: ["tcp", "udp"] }),
      header("th", "dport", { set: [80, 443, range(8000, 8099)] }),
      { dnat: { family: "ip", addr: "10.0.0.1" } },
    ],
  ],
  [
    { type: "redirect", protocol: ["tcp", "udp"], sourcePort: 5, destinationPort: 6, toPort: 7 },
    "meta l4proto { 6, 17 } th sport 5 th dport 6 redirect to :7",
    "prerouting",
    [
      meta("l4proto", { set: ["tcp", "udp"] }),
      match({ payload: { base: "th", offset: 0, len: 32 } }, 0x50006),
      { redirect: { port: 7 } },
    ],
  ],
  [
    { type: "redirect", protocol: "sctp", priority: -50 },
    "meta l4proto 132 redirect",
    "prerouting_at_-50",
    [meta("l4proto", "sctp"), { redirect: null }],
  ],
];

describe.each(rules)("%j", (args, said, chain, shown) => {
  test("is written as one statement, with the mark as its comment", () => {
    expect(statement(ready(natRule, args), MARK)).toBe(`${said} comment "${MARK}"`);
  });

  test("is in the chain of its hook and priority", () => {
    expect(chainOf(ready(natRule, args))).toBe(chain);
  });

  test.each([undefined, "red"])("is parsed from the JSON of nft, in the namespace %s", (namespace) => {
    const rule = { chain, handle: 4, comment: MARK, expr: shown };
    const place = namespace === undefined ? {} : { namespace };
    expect(stateOf(rule, namespace)).toEqual(ready(natRule, { ...args, ...place }));
  });
});

test.each([
  ["masquerade", 100, "postrouting", "{ type nat hook postrouting priority 100; policy accept; }"],
  ["masquerade", 300, "postrouting_at_300", "{ type nat hook postrouting priority 300; policy accept; }"],
  ["redirect", -100, "prerouting", "{ type nat hook prerouting priority -100; policy accept; }"],
  ["redirect", -199, "prerouting_at_-199", "{ type nat hook prerouting priority -199; policy accept; }"],
] as const)("the chain of %s at the priority %d is %s", (type, priority, chain, text) => {
  const args = ready(natRule, { type, priority });
  expect([chainOf(args), definition(args)]).toEqual([chain, text]);
});

test("any rule is written in one line, with every given text between quotes", () => {
  fc.assert(
    fc.property(natSample.args, (news) => {
      const args = ready(natRule, news);
      const said = statement(args, MARK);
      expect(said).not.toMatch(/\p{Cc}/u);
      const strings = [...said.matchAll(/"([^"]*)"/g)].map(([, inner]) => inner);
      const comment = args.after === undefined ? MARK : `${MARK} after ${args.after.slice(-8)}`;
      expect(strings).toEqual([args.inInterface ?? [], args.outInterface ?? [], comment].flat());
      expect(said.replaceAll(/"[^"]*"/g, "")).toMatch(/^[a-z0-9 .,:/[\]{}-]+$/);
    }),
  );
});
