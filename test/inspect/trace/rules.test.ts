import { expect, test } from "vitest";
import type { PacketFacts } from "../../../inspect/trace/rule-match.ts";
import { evaluateRules, type Ruleset } from "../../../inspect/trace/rules.ts";

type Part = Record<string, unknown>;
type Rules = readonly Part[][];

const table = { family: "inet", table: "t" };

/** Returns the rules of one chain as the JSON of nft, and of a second chain that is only reached by a jump. */
const rulesOf = (type: "filter" | "nat", policy: "accept" | "drop", rules: Rules, other: Rules = []): Ruleset => [
  { chain: { ...table, name: "c", type, hook: "forward", prio: 0, policy } },
  { chain: { ...table, name: "other" } },
  ...rules.map((expr, index) => ({ rule: { ...table, chain: "c", handle: index + 1, expr } })),
  ...other.map((expr, index) => ({ rule: { ...table, chain: "other", handle: index + 50, expr } })),
];

const ping: PacketFacts = {
  tables: "ip",
  protocol: "icmp",
  family: "ip",
  source: "10.0.0.1",
  destination: "8.8.8.8",
  in: "v-net-0",
  out: "wan0",
  answer: false,
};

const match = (left: Part, right: unknown, op = "=="): Part => ({ match: { op, left, right } });
const header = (protocol: string, field: string) => ({ payload: { protocol, field } });
const meta = (key: string) => ({ meta: { key } });
const prefix = (addr: string, len: number) => ({ prefix: { addr, len } });

const applying: [string, Part][] = [
  ["its source", match(header("ip", "saddr"), "10.0.0.1")],
  ["its source's network", match(header("ip", "saddr"), prefix("10.0.0.0", 24))],
  ["all networks except another one", match(header("ip", "saddr"), prefix("10.0.1.0", 24), "!=")],
  ["one of several destinations", match(header("ip", "daddr"), { set: ["1.2.3.4", prefix("8.8.0.0", 16)] })],
  ["a range with its destination", match(header("ip", "daddr"), { set: [{ range: ["8.8.8.7", "8.8.8.9"] }] })],
  ["all packets, and continues", { continue: null }],
  ["the incoming interface", match(meta("iifname"), "v-net-0")],
  ["interfaces whose names match", match(meta("oifname"), "wan*")],
  ["IPv4", match(meta("nfproto"), "ipv4")],
  ["ICMP", match(meta("l4proto"), "icmp")],
  ["ICMP, in the header", match(header("ip", "protocol"), "icmp")],
  ["echo requests", match(header("icmp", "type"), "echo-request")],
  ["new connections", match({ ct: { key: "state" } }, ["new", "established"], "in")],
  ["all packets, and counts them", { counter: { packets: 0, bytes: 0 } }],
];

const sparing: [string, Part][] = [
  ["another source", match(header("ip", "saddr"), "10.0.0.2")],
  ["all destinations except this one", match(header("ip", "daddr"), "8.8.8.8", "!=")],
  ["another interface", match(meta("oifname"), "lan0")],
  ["IPv6", match(meta("nfproto"), "ipv6")],
  ["IPv6 addresses", match(header("ip6", "saddr"), prefix("::", 0))],
  ["a port of TCP", match(header("tcp", "dport"), 80)],
  ["all ports of TCP except one", match(header("tcp", "dport"), 80, "!=")],
  ["answers", match(header("icmp", "type"), "echo-reply")],
  ["established connections", match({ ct: { key: "state" } }, ["established", "related"], "in")],
];

const unread: [string, Part][] = [
  ["a named set", match(header("ip", "saddr"), "@friends")],
  ["the result of a route lookup", match({ fib: { result: "type", flags: ["daddr"] } }, "local")],
  ["an extension", { xt: { type: "match", name: "owner" } }],
  ["a mark", match(meta("mark"), 1)],
];

test.each(applying)("a rule for %s applies to the ping", (_what, part) => {
  expect(
    evaluateRules(rulesOf("filter", "accept", [[part, { drop: null }]]), "forward", "filter", ping).droppedBy,
  ).toBe("rule with handle 1 of chain c in table inet t");
  expect(evaluateRules(rulesOf("filter", "drop", [[part, { accept: null }]]), "forward", "filter", ping)).toEqual({});
});

test.each(sparing)("a rule for %s does not apply to the ping", (_what, part) => {
  expect(evaluateRules(rulesOf("filter", "accept", [[part, { drop: null }]]), "forward", "filter", ping)).toEqual({});
});

test.each(unread)("a rule with %s may apply to the ping", (_what, part) => {
  expect(evaluateRules(rulesOf("filter", "accept", [[part, { drop: null }]]), "forward", "filter", ping)).toEqual({
    mayBeDroppedBy: "rule with handle 1 of chain c in table inet t",
  });
  expect(evaluateRules(rulesOf("filter", "drop", [[part, { accept: null }]]), "forward", "filter", ping)).toEqual({
    mayBeDroppedBy: "policy drop of chain c in table inet t",
  });
});

test.each([
  ["its port", match(header("tcp", "dport"), 80), true],
  ["a range with its port", match(header("th", "dport"), { set: [{ range: [79, 81] }, 443] }), true],
  ["another port", match(header("tcp", "dport"), 81), false],
  ["another protocol", match(header("udp", "dport"), 80), false],
  ["pings", match(header("icmp", "type"), "echo-request"), false],
  ["TCP", match(meta("l4proto"), "tcp"), true],
  ["Ethernet frames with IPv4", match(header("ether", "type"), "ip"), true],
  ["ARP", match(header("ether", "type"), "arp"), false],
])("a rule for %s applies to a connection to port 80 or not", (_what, part, applies) => {
  const rules = rulesOf("filter", "accept", [[part, { drop: null }]]);
  const verdict = evaluateRules(rules, "forward", "filter", { ...ping, protocol: "tcp", port: 80 });
  expect(verdict.droppedBy !== undefined).toBe(applies);
  expect(verdict.mayBeDroppedBy).toBeUndefined();
});

test("only chains of the family bridge filter a frame on a bridge", () => {
  const rules = rulesOf("filter", "drop", []);
  const onBridge = { ...ping, tables: "bridge" } as const;
  expect(evaluateRules(rules, "forward", "filter", onBridge)).toEqual({});
  const bridged = rules.map(({ chain, rule }) => ({
    ...(chain && { chain: { ...chain, family: "bridge" } }),
    ...(rule && { rule }),
  }));
  expect(evaluateRules(bridged, "forward", "filter", onBridge).droppedBy).toContain("policy drop");
  expect(evaluateRules(bridged, "forward", "filter", ping)).toEqual({});
});

test("an answer is accepted as established", () => {
  const rules = rulesOf("filter", "drop", [[match({ ct: { key: "state" } }, "established"), { accept: null }]]);
  expect(evaluateRules(rules, "forward", "filter", { ...ping, answer: true })).toEqual({});
  expect(evaluateRules(rules, "forward", "filter", ping).droppedBy).toBeDefined();
});

test("a chain that is reached by a jump returns if it has no verdict", () => {
  const jump = [{ jump: { target: "other" } }];
  const here = (other: Rules) =>
    evaluateRules(rulesOf("filter", "drop", [jump, [{ accept: null }]], other), "forward", "filter", ping);
  expect(here([[{ drop: null }]]).droppedBy).toContain("of chain other");
  expect(here([[{ return: null }], [{ drop: null }]])).toEqual({});
  const goto = evaluateRules(
    rulesOf("filter", "drop", [[{ goto: { target: "other" } }], [{ accept: null }]]),
    "forward",
    "filter",
    ping,
  );
  expect(goto.droppedBy).toContain("policy drop");
});

test("a chain that jumps to itself ends", () => {
  const rules = rulesOf("filter", "drop", [[{ jump: { target: "c" } }]]);
  expect(evaluateRules(rules, "forward", "filter", ping).droppedBy).toContain("policy drop");
});

test("only the first translation of the hook and the family applies", () => {
  const rules = rulesOf("nat", "accept", [
    [match(header("tcp", "dport"), 80), { dnat: { addr: "10.0.0.9" } }],
    [{ snat: { family: "ip", addr: "203.0.113.2" } }],
    [{ masquerade: null }],
  ]);
  expect(evaluateRules(rules, "forward", "nat", ping).translation).toMatchObject({ kind: "snat", to: "203.0.113.2" });
  expect(evaluateRules(rules, "postrouting", "nat", ping)).toEqual({});
  expect(evaluateRules(rules, "forward", "filter", ping)).toEqual({});
});

test("a translation applies to the values of its sets, and to no others", () => {
  const rules = rulesOf("nat", "accept", [
    [
      match({ meta: { key: "iifname" } }, { set: ["eth0", "eth1"] }),
      match(header("ip", "saddr"), { set: [{ prefix: { addr: "10.9.0.0", len: 16 } }, ping.source] }),
      { snat: { family: "ip", addr: "203.0.113.2" } },
    ],
  ]);
  const from = (link: string, source: string) =>
    evaluateRules(rules, "forward", "nat", { ...ping, in: link, source }).translation?.to;
  expect([from("eth1", ping.source), from("eth0", "10.9.1.1")]).toEqual(["203.0.113.2", "203.0.113.2"]);
  expect([from("eth2", ping.source), from("eth0", "10.8.1.1")]).toEqual([undefined, undefined]);
});

test("a rule and a policy are named with the resource whose mark they have", () => {
  const mark = (name: string) => `pulumi-netns:p/s@0a1b2c3d:${name}@12345678`;
  const withComments = (rules: Ruleset, comments: readonly string[]): Ruleset =>
    rules.map(({ chain, rule }) => ({
      ...(chain && { chain }),
      ...(rule && { rule: { ...rule, comment: comments[rule.handle - 1] } }),
    }));
  const chain = (rules: Rules) =>
    evaluateRules(
      withComments(rulesOf("filter", "drop", [...rules, [{ counter: null }]]), [
        ...rules.map(() => "by hand"),
        `${mark("guests")} policy`,
      ]),
      "forward",
      "filter",
      ping,
    ).droppedBy;
  expect(chain([])).toBe("policy drop of chain c (FilterChain guests) in table inet t");
  expect(chain([[{ drop: null }]])).toBe(`rule "by hand" of chain c (FilterChain guests) in table inet t`);
  const nat = rulesOf("nat", "accept", [[{ masquerade: null }]]);
  const named = (comment: string) =>
    evaluateRules(
      withComments(nat, [comment]).map(({ rule, ...item }) => ({
        ...item,
        ...(rule && { rule: { ...rule, text: `masquerade comment "${comment}"` } }),
      })),
      "forward",
      "nat",
      ping,
    ).translation?.rule;
  expect(named(`${mark("hide")} after 87654321`)).toBe("rule `masquerade` (NatRule hide) of chain c in table inet t");
  expect(named("by hand")).toBe('rule `masquerade comment "by hand"` of chain c in table inet t');
});
