import fc from "fast-check";
import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { covers } from "../../lab/filter-cover.ts";
import { filterChain } from "../../provider/kinds/filter-chain.ts";
import type { FilterRule } from "../../provider/kinds/filter-rule.ts";
import { forwardRule } from "../kinds/filter-chain.sample.ts";
import { ready } from "../provider/samples.ts";
import { type Case, each, namespace, one, route, veth } from "./pieces.ts";

const filter = (args: object) => one("FilterChain", { namespace: "red", ...args });
const six = veth({ name: "eth0", namespace: "red", addresses: ["fd00::1/64"] }, { name: "x" });

const LO = { action: "accept", inInterface: "lo" };
const ANSWERS = { action: "accept", ctState: ["established", "related"] };
const ND = { action: "accept", protocol: "icmpv6", icmpType: ["nd-neighbor-solicit", "nd-neighbor-advert"] };
const OUT = { action: "accept", inInterface: "eth0", outInterface: "eth1" };
const OUT_ONLY = { action: "accept", inInterface: "eth0" };
const DROP_INPUT = { chain: "input", policy: "drop" };

const forward = (...rules: object[]) => filter({ chain: "forward", policy: "drop", rules });

const WEB = { action: "accept", protocol: "tcp", destinationPort: [80, 443] };
const RETURN = { ...ANSWERS, action: "return" };
const SOME = { protocol: "tcp", sourcePort: 80 };
const staff = veth(
  { name: "staff", namespace: "red", addresses: ["10.1.0.1/24"] },
  { name: "prn", namespace: "red", addresses: ["10.2.0.1/24"] },
);
/** A chain with the policy accept that lets some packets through to the printers and drops all others from and to them. */
const printers = (from: object, first?: object, some: object = {}) =>
  filter({
    chain: "forward",
    rules: [
      ...(first === undefined ? [] : [first]),
      { action: "accept", outInterface: "prn", ...from },
      { action: "drop", outInterface: "prn" },
      { action: "drop", inInterface: "prn", ...some },
    ],
  });

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
  ["one that accepts one direction", [forward(OUT)], ["drops-answers"]],
  ["one direction of new connections", [forward({ ...OUT, ctState: "new" })], ["drops-answers"]],
  ["one direction of a TCP port", [forward({ ...OUT, protocol: "tcp", destinationPort: 80 })], ["drops-answers"]],
  ["one direction of UDP", [forward({ ...OUT, protocol: "udp" })], []],
  ["one direction, and answers", [forward(ANSWERS, OUT)], []],
  ["both directions", [forward(OUT, { action: "accept", inInterface: "eth1", outInterface: "eth0" })], []],
  ["both directions, of which one is a prefix of names", [forward(OUT, { action: "accept", inInterface: "eth*" })], []],
  [
    "one direction, and answers of another host",
    [forward({ ...OUT, destination: "10.0.0.5" }, { ...ANSWERS, source: "10.0.0.6" })],
    ["drops-answers"],
  ],
  [
    "one direction to a port, and packets from another one",
    [
      forward(
        { ...OUT, protocol: "tcp", destinationPort: 80 },
        { action: "accept", protocol: "tcp", inInterface: "eth1", sourcePort: 81 },
      ),
    ],
    ["drops-answers"],
  ],
  [
    "one direction to a port, and packets from a range with it",
    [
      forward(
        { ...OUT, protocol: "tcp", destinationPort: 80 },
        { action: "accept", protocol: "tcp", inInterface: "eth1", sourcePort: "1-1023" },
      ),
    ],
    [],
  ],
  ["one direction of ports from a network", [forward({ ...WEB, source: "10.1.0.0/24" })], ["drops-answers"]],
  ["the same ports in both directions", [forward({ ...WEB, source: "10.1.0.0/24" }, { ...WEB })], ["drops-answers"]],
  ["ports with those of clients", [forward({ ...WEB, destinationPort: "1024-65535" })], []],
  ["all packets from an interface", [forward(OUT_ONLY)], ["drops-answers"]],
  ["all packets from interfaces with a prefix", [forward({ action: "accept", inInterface: "eth*" })], []],
  ["all packets from two interfaces", [forward({ action: "accept", inInterface: ["eth0", "eth1"] })], []],
  ["all packets from networks of unknown interfaces", [forward({ action: "accept", source: "10.1.0.0/24" })], []],
  [
    "all packets from the network of an interface",
    [staff, forward({ action: "accept", source: "10.1.0.0/24" })],
    ["drops-answers"],
  ],
  ["all packets from the networks of two interfaces", [staff, forward({ action: "accept", source: "10.0.0.0/8" })], []],
  [
    "all packets from the network of an interface, to a part of which a route leads",
    [staff, route("red", "10.1.0.128/25", "10.2.0.9"), forward({ action: "accept", source: "10.1.0.0/24" })],
    [],
  ],
  ["a network whose answers a drop takes", [printers({ source: "10.1.0.0/24" })], ["drops-answers"]],
  ["an interface whose answers a drop takes", [printers({ inInterface: "staff" })], ["drops-answers"]],
  [
    "two networks, of which the answers arrive through an interface that a drop takes",
    [staff, printers({ source: "10.1.0.0/24", destination: "10.2.0.0/24", outInterface: undefined })],
    ["drops-answers"],
  ],
  ["an interface whose answers pass before a drop", [printers({ inInterface: "staff" }, ANSWERS)], []],
  ["an interface whose answers return to the policy", [printers({ inInterface: "staff" }, RETURN)], []],
  ["an interface of whose answers a drop takes some", [printers({ inInterface: "staff" }, undefined, SOME)], []],
  [
    "one direction with the policy accept, behind which all is dropped",
    [filter({ chain: "forward", rules: [OUT, { action: "drop" }] })],
    ["drops-answers"],
  ],
  ["one direction of an input chain", [filter({ ...DROP_INPUT, rules: [LO, ANSWERS, OUT_ONLY] })], []],
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

test("the warning names what drops the answers", () => {
  const messages = [forward(OUT), printers({ inInterface: "staff" })].map((chain) => runChecks([chain])[0]?.message);
  expect(messages).toMatchObject(
    [
      /accepts packets by rules\[0\] and drops the answers to them by its policy, so no/,
      /accepts packets by rules\[0\] and drops the answers to them by rules\[2\], so no/,
    ].map((text) => expect.stringMatching(text)),
  );
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
