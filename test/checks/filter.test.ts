import fc from "fast-check";
import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { covers } from "../../lab/filter-cover.ts";
import { filterChain } from "../../provider/kinds/filter-chain.ts";
import type { FilterRule } from "../../provider/kinds/filter-rule.ts";
import { forwardRule } from "../kinds/filter-chain.sample.ts";
import { ready } from "../provider/samples.ts";
import { type Case, cable, each, forwarding, lan, namespace, one, route, veth } from "./pieces.ts";

const filter = (args: object) => one("FilterChain", { namespace: "red", ...args });
const six = veth({ name: "eth0", namespace: "red", addresses: ["fd00::1/64"] }, { name: "x" });

const LO = { action: "accept", inInterface: "lo" };
const ANSWERS = { action: "accept", ctState: ["established", "related"] };
const ND = { action: "accept", protocol: "icmpv6", icmpType: ["nd-neighbor-solicit", "nd-neighbor-advert"] };
const DROP_INPUT = { chain: "input", policy: "drop" };

const forward = (...rules: object[]) => filter({ chain: "forward", policy: "drop", rules });

const TARGET = ["no-such-target"];
const SOURCE = ["no-such-source"];
const WEB_TYPO = ["10.1.0.10", "10.1.0.12"];

// A router between two networks, of which one has a server, and chains of the router.
const office = [
  ...["red", "web", "anna"].map(namespace),
  forwarding("red"),
  cable("red", ["10.1.0.1/24"], "web", ["10.1.0.10/24"]),
  cable("red", ["10.2.0.1/24"], "anna", ["10.2.0.9/24"]),
  route("web", "default", "10.1.0.1"),
  route("anna", "default", "10.2.0.1"),
];
const accepts = (chain: string, match: object) => filter({ chain, rules: [{ action: "accept", ...match }] });

const drops = (match: object) => filter({ chain: "forward", rules: [{ action: "drop", ...match }] });
const FROM_FAR = accepts("forward", { source: "10.3.0.0/24" });

const cases: Case[] = [
  ["an input rule to an own address", [office, accepts("input", { destination: "10.2.0.1" })], []],
  ["an input rule to another host", [office, accepts("input", { destination: "10.1.0.10" })], ["unreachable-rule"]],
  ["an input rule to the broadcast address", [office, accepts("input", { destination: "10.1.0.255" })], []],
  ["an input rule to an own network", [office, accepts("input", { destination: "10.1.0.0/24" })], []],
  ["an input rule to several", [office, accepts("input", { destination: ["10.1.0.10", "10.2.0.1"] })], []],
  ["an input rule from another host", [office, accepts("input", { source: "10.1.0.10" })], []],
  ["an output rule from another host", [office, accepts("output", { source: "10.2.0.9" })], ["unreachable-rule"]],
  ["an output rule from an own address", [office, accepts("output", { source: "10.2.0.1" })], []],
  [
    "an input rule to another host, beside a program that may set the address",
    [
      office,
      one("Process", { namespace: "red", command: ["keepalived"] }),
      accepts("input", { destination: "10.1.0.10" }),
    ],
    [],
  ],
  ["a forward rule to a host", [office, accepts("forward", { destination: "10.1.0.10" })], []],
  ["a forward rule to a host that is not there", [office, accepts("forward", { destination: "10.1.0.11" })], TARGET],
  ["a forward rule to two, of which one is there", [office, accepts("forward", { destination: WEB_TYPO })], TARGET],
  ["a forward rule that drops packets to such a host", [office, drops({ destination: "10.1.0.11" })], []],
  ["a forward rule to a network", [office, accepts("forward", { destination: "10.1.0.0/25" })], []],
  ["a forward rule from a network of the lab", [office, accepts("forward", { source: "10.2.0.0/24" })], []],
  ["a forward rule from no network of the lab", [office, accepts("forward", { source: "10.3.0.0/24" })], SOURCE],
  ["an input rule from no network of the lab", [office, accepts("input", { source: "10.3.0.5" })], SOURCE],
  ["a forward rule that drops packets from there", [office, drops({ source: "10.3.0.0/24" })], []],
  [
    "a forward rule from no network of a lab with a way out",
    [
      office,
      lan,
      forwarding(),
      cable(undefined, ["10.9.0.1/24"], "red", ["10.9.0.2/24"]),
      route("red", "default", "10.9.0.1"),
      FROM_FAR,
    ],
    [],
  ],
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
