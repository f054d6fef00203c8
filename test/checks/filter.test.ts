import fc from "fast-check";
import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { covers } from "../../lab/filter-cover.ts";
import { filterChain } from "../../provider/kinds/filter-chain.ts";
import type { FilterRule } from "../../provider/kinds/filter-rule.ts";
import { forwardRule } from "../kinds/filter-chain.sample.ts";
import { ready } from "../provider/samples.ts";
import { type Case, each, namespace, one, veth } from "./pieces.ts";

const filter = (args: object) => one("FilterChain", { namespace: "red", ...args });
const six = veth({ name: "eth0", namespace: "red", addresses: ["fd00::1/64"] }, { name: "x" });

const LO = { action: "accept", inInterface: "lo" };
const ANSWERS = { action: "accept", ctState: ["established", "related"] };
const ND = { action: "accept", protocol: "icmpv6", icmpType: ["nd-neighbor-solicit", "nd-neighbor-advert"] };
const DROP_INPUT = { chain: "input", policy: "drop" };

const forward = (...rules: object[]) => filter({ chain: "forward", policy: "drop", rules });

const cases: Case[] = [
  ["an input chain with the policy drop and all needed rules", [filter({ ...DROP_INPUT, rules: [LO, ANSWERS] })], []],
  ["an input chain without loopback", [filter({ ...DROP_INPUT, rules: [ANSWERS] })], ["input-drop"]],
  ["an input chain without answers", [filter({ ...DROP_INPUT, rules: [LO] })], ["input-drop"]],
  ["an input chain without neighbor discovery", [six, filter({ ...DROP_INPUT, rules: [LO, ANSWERS] })], ["input-drop"]],
  ["an input chain with neighbor discovery", [six, filter({ ...DROP_INPUT, rules: [LO, ANSWERS, ND] })], []],
  [
    "an input chain with a part of neighbor discovery",
    [six, filter({ ...DROP_INPUT, rules: [LO, ANSWERS, { ...ND, icmpType: "nd-neighbor-advert" }] })],
    ["input-drop"],
  ],
  [
    "an input chain that accepts all packets except some",
    [six, filter({ ...DROP_INPUT, rules: [{ action: "drop", protocol: "tcp" }, { action: "accept" }] })],
    [],
  ],
  [
    "an input chain with the policy accept",
    [filter({ chain: "input", rules: [{ action: "drop", protocol: "tcp" }] })],
    [],
  ],
  ["a forward chain that accepts only answers", [forward(ANSWERS)], ["drops-everything"]],
  [
    "one that accepts only answers to some hosts",
    [forward({ ...ANSWERS, source: "10.0.0.0/8" })],
    ["drops-everything"],
  ],
  [
    "one that drops the rest by a rule",
    [filter({ chain: "forward", rules: [ANSWERS, { action: "drop" }] })],
    ["drops-everything"],
  ],
  [
    "one that also accepts new connections",
    [forward(ANSWERS, { action: "accept", ctState: "new", inInterface: "eth0" })],
    [],
  ],
  ["one that accepts all of a network", [forward(ANSWERS, { action: "accept", source: "10.0.0.0/8" })], []],
  ["one that accepts all states by one rule", [forward({ ...ANSWERS, ctState: ["established", "new"] })], []],
  ["one with the policy accept", [filter({ chain: "forward", rules: [ANSWERS] })], []],
  ["an output chain that accepts only answers", [filter({ chain: "output", policy: "drop", rules: [ANSWERS] })], []],
  ["an unknown rule", [filter({ ...DROP_INPUT, rules: [ANSWERS, { action: "accept", inInterface: null }] })], []],
  ["unknown rules", [filter({ ...DROP_INPUT, rules: null })], []],
  ["a chain that accepts no packet", [filter({ chain: "forward", policy: "drop" })], ["drops-everything"]],
  [
    "a chain with the policy accept that drops all packets",
    [filter({ chain: "output", rules: [{ action: "drop" }] })],
    ["drops-everything"],
  ],
  [
    "a chain that returns to the policy accept",
    [filter({ chain: "output", rules: [{ action: "return", protocol: "tcp" }, { action: "drop" }] })],
    [],
  ],
  [
    "an accept behind a drop of all packets",
    [filter({ chain: "forward", rules: [{ action: "drop" }, ANSWERS] })],
    ["drops-everything", "unreachable-rule"],
  ],
  [
    "a port behind a range that contains it",
    [
      filter({
        chain: "forward",
        rules: [
          { action: "accept", protocol: "tcp", destinationPort: ["1-99", "100-200"] },
          { action: "drop", protocol: "tcp", destinationPort: [80, "90-110"], source: "10.0.0.0/8" },
        ],
      }),
    ],
    ["unreachable-rule"],
  ],
  [
    "a host behind a network that contains it",
    [
      filter({
        chain: "forward",
        rules: [
          { action: "drop", source: ["10.0.0.0/25", "10.0.0.128/25"] },
          { action: "accept", source: "10.0.0.0/24" },
        ],
      }),
    ],
    ["unreachable-rule"],
  ],
  [
    "an interface behind a prefix that matches it",
    [
      filter({
        chain: "forward",
        rules: [
          { action: "drop", inInterface: "eth*" },
          { action: "accept", inInterface: ["eth0", "eth1"] },
        ],
      }),
    ],
    ["unreachable-rule"],
  ],
  [
    "a rule behind one of another family",
    [
      filter({
        chain: "forward",
        rules: [
          { action: "drop", family: "ip" },
          { action: "accept", family: "ip6" },
        ],
      }),
    ],
    [],
  ],
  [
    "a rule behind one with a limit",
    [
      filter({
        chain: "forward",
        rules: [
          { action: "accept", limit: "5/second" },
          { action: "drop", protocol: "tcp" },
        ],
      }),
    ],
    [],
  ],
  [
    "a rule behind one that only logs",
    [
      filter({
        chain: "forward",
        rules: [
          { action: "continue", log: "all " },
          { action: "drop", protocol: "tcp" },
        ],
      }),
    ],
    [],
  ],
];
each(cases);

test("the warning names the missing rules", () => {
  const [finding] = runChecks([
    namespace("red"),
    six,
    filter({ ...DROP_INPUT, rules: [{ action: "accept", protocol: "tcp" }] }),
  ]);
  expect(finding?.message).toMatch(
    /^FilterChain n\d+ has policy drop and no rule that accepts the packets on the loopback interface, the answers to the connections and the IPv6 neighbor discovery of the namespace red$/,
  );
  expect(finding?.help).toContain(`{ action: "accept", inInterface: "lo" }`);
});

test("a rule with a verdict covers itself, and a rule without matches covers every rule", () => {
  const rulesOf = (rules: unknown[]) =>
    (ready(filterChain, { chain: "forward", rules }) as { rules: FilterRule[] }).rules;
  fc.assert(
    fc.property(forwardRule, (given) => {
      const [all, rule] = rulesOf([{ action: "drop" }, given]) as [FilterRule, FilterRule];
      expect(covers(rule, rule)).toBe(rule.action !== "continue" && rule.limit === undefined);
      expect(covers(all, rule)).toBe(true);
    }),
  );
});
