import { expect, test } from "vitest";
import type { PacketFacts } from "../../../inspect/trace/rule-match.ts";
import { evaluateRules, type Ruleset } from "../../../inspect/trace/rules.ts";

type Part = Record<string, unknown>;

const packet: PacketFacts = {
  ...{ tables: "ip", protocol: "tcp", family: "ip", answer: false, port: 80 },
  ...{ source: "10.0.0.1", destination: "8.8.8.8", in: "eth0" },
};

const [ofPacket, ofConnection] = [{ meta: { key: "mark" } }, { ct: { key: "mark" } }];
const match = (left: Part, right: unknown, op = "=="): Part => ({ match: { op, left, right } });
const set = (key: Part, value: unknown): Part => ({ mangle: { key, value } });

/** Evaluates the rules of a chain for a packet. */
function evaluate(rules: readonly Part[][], marks: Pick<PacketFacts, "mark" | "ctMark"> = {}) {
  const chain = { family: "inet", table: "t", name: "c", type: "filter", hook: "prerouting", prio: -150 };
  const ruleset: Ruleset = [
    { chain },
    ...rules.map((expr, index) => ({ rule: { family: "inet", table: "t", chain: "c", handle: index + 1, expr } })),
  ];
  return evaluateRules(ruleset, "prerouting", "filter", { ...packet, ...marks });
}

test("a mark is set, copied to the connection, and back to the packet", () => {
  expect(evaluate([[set(ofConnection, 7)]])).toEqual({ ctMark: 7 });
  expect(evaluate([[set(ofPacket, 7)], [set(ofConnection, ofPacket)]])).toEqual({ mark: 7, ctMark: 7 });
  expect(evaluate([[set(ofConnection, ofPacket)]])).toEqual({ ctMark: 0 });
  expect(evaluate([[set(ofPacket, ofConnection)]], { ctMark: 5 })).toEqual({ mark: 5, ctMark: 5 });
  expect(evaluate([[match({ meta: { key: "iifname" } }, "eth1"), set(ofPacket, 7)]])).toEqual({});
});

test("a mark that no rule is known to have set is not copied", () => {
  expect(evaluate([[set(ofPacket, ofConnection)]])).toEqual({});
});

test.each([
  ["packet", ofPacket, "mark"],
  ["connection", ofConnection, "ctMark"],
] as const)("a match of the mark of the %s is decided where a rule has set it before", (_, left, name) => {
  const drop = (...parts: Part[]) => [...parts, { drop: null }];
  const dropped = { droppedBy: "rule with handle 1 of chain c in table inet t" };
  expect(evaluate([drop(match(left, 7))], { [name]: 7 })).toEqual(dropped);
  expect(evaluate([drop(match(left, { set: [6, 7] }))], { [name]: 7 })).toEqual(dropped);
  expect(evaluate([drop(match(left, 7))], { [name]: 8 })).toEqual({ [name]: 8 });
  expect(evaluate([[set(left, 7)], drop(match(left, 7))])).toMatchObject({ droppedBy: expect.any(String) });
  expect(evaluate([[set(left, 7)], drop(match(left, 0, "!="))])).toMatchObject({ droppedBy: expect.any(String) });
  // Another program, or a rule that could not be evaluated, may have set the mark.
  expect(evaluate([drop(match(left, 7))])).toEqual({ mayBeDroppedBy: dropped.droppedBy });
});
