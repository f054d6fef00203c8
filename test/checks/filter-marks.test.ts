import { type Case, each, one } from "./pieces.ts";

/** A chain that drops packets with a mark, then sets a mark of some others, and drops packets with the mark again. */
const marked = (match: object, set?: object) =>
  one("FilterChain", {
    ...{ namespace: "red", chain: "prerouting" },
    rules: [
      { action: "drop", ...match },
      ...(set === undefined ? [] : [{ action: "continue", inInterface: "lo", ...set }]),
      { action: "drop", ...match },
    ],
  });

const cases: Case[] = [
  ["a packet's mark behind itself", [marked({ mark: 1 })], ["unreachable-rule"]],
  ["a connection's mark behind itself", [marked({ ctMark: 1 })], ["unreachable-rule"]],
  ["a packet's mark that was set since", [marked({ mark: 1 }, { setMark: 1 })], []],
  ["a connection's mark that was set since", [marked({ ctMark: 1 }, { setCtMark: "meta mark" })], []],
  [
    "a packet's mark, and that of its connection set since",
    [marked({ mark: 1 }, { setCtMark: 1 })],
    ["unreachable-rule"],
  ],
  ["a source, and a mark set since", [marked({ source: "10.0.0.1" }, { setMark: 1 })], ["unreachable-rule"]],
  [
    "a chain that drops all packets that arrive",
    [one("FilterChain", { namespace: "red", chain: "prerouting", policy: "drop" })],
    ["drops-everything"],
  ],
];
each(cases);
