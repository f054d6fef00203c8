import fc from "fast-check";
import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, each, veth } from "./pieces.ts";

/** A cable between the ports of two bridges, each named by a letter. */
const join = (pair: string, more: object = {}) =>
  veth({ name: `${pair}-a`, master: pair[0], ...more }, { name: `${pair}-b`, master: pair[1] });

const bridges = (names: string, more: object = {}) => [...names].map((name) => bridge(name, more));

const cases: Case[] = [
  ["two bridges and a cable", [bridges("xy"), join("xy")], []],
  ["two cables between two bridges", [bridges("xy"), join("xy"), join("yx")], ["bridge-loop"]],
  ["a ring of three", [bridges("xyz"), join("xy"), join("yz"), join("zx")], ["bridge-loop"]],
  ["a cable from a bridge to itself", [bridges("x"), join("xx")], ["bridge-loop"]],
  ["a row of four", [bridges("wxyz"), join("wx"), join("xy"), join("yz")], []],
  ["with the spanning tree protocol", [bridges("xy", { stp: true, forwardDelay: 2 }), join("xy"), join("yx")], []],
  [
    "with the spanning tree protocol on one of three",
    [bridges("xy"), bridge("z", { stp: true, forwardDelay: 2 }), join("xy"), join("yz"), join("zx")],
    [],
  ],
  [
    "a ring of two beside one that speaks it",
    [bridges("xy"), bridge("z", { stp: true, forwardDelay: 2 }), join("xy"), join("yx"), join("yz")],
    ["bridge-loop"],
  ],
  ["where VLANs may keep the ports apart", [bridges("xy", { vlanFiltering: true }), join("xy"), join("yx")], []],
  ["a cable that is not up", [bridges("xy"), join("xy"), join("yx", { up: false })], []],
  ["a bridge that is not up", [bridges("x"), bridge("y", { up: false }), join("xy"), join("yx")], []],
  [
    "bridges of the same name in two namespaces",
    [bridges("xy"), join("xy"), join("xy", { namespace: "n" })],
    ["unknown-master"],
  ],
  ["bridges that the program does not make", [join("xy"), join("yx")], ["unknown-master", "unknown-master"]],
  ["what is not known: the protocol", [bridges("x"), bridge("y", { stp: null }), join("xy"), join("yx")], []],
  ["what is not known: whether it is up", [bridges("xy"), join("xy"), join("yx", { up: null })], []],
  ["what is not known: the bridge", [bridges("xy"), join("xy"), join("yx", { master: null })], []],
];

each(cases);

test("the cable and the loop are named", () => {
  const [found] = runChecks([...bridges("xyz"), join("xy"), join("yz"), join("zx")]);
  expect(found?.message).toMatch(
    /^Veth n\d+ closes a loop of the bridges z, y, x without the spanning tree protocol: a broadcast circulates forever/,
  );
  expect(found?.help).toBe("set stp to true on one of them, or remove a veth pair");
});

test("each cable that closes a ring is told of, and no other", () => {
  const NAMES = "uvwxyz";
  const cables = fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES)), { maxLength: 12 });
  fc.assert(
    fc.property(cables, fc.subarray([...NAMES]), (pairs, speakers) => {
      const made = [...NAMES].map((name) => bridge(name, { stp: speakers.includes(name), forwardDelay: 2 }));
      const joins = pairs.map((pair) => join(pair.join("")));
      const found = runChecks([...made, ...joins]);
      expect(found.map(({ check }) => check)).toEqual(found.map(() => "bridge-loop"));
      // As many cables are too many as there are cables, less what a tree of each part takes.
      const flooding = [...NAMES].filter((name) => !speakers.includes(name));
      const between = pairs.filter((pair) => pair.every((name) => flooding.includes(name)));
      expect(found.length).toBe(between.length - flooding.length + parts(flooding, between));
      const closing = new Set(found.map(({ about }) => about));
      expect(runChecks([...made, ...joins.filter((one) => !closing.has(one))])).toEqual([]);
    }),
  );
});

/** How many parts a graph falls into, by walking all of each part. */
function parts(nodes: readonly string[], edges: readonly (readonly [string, string])[]): number {
  const left = new Set(nodes);
  let count = 0;
  for (const start of nodes) {
    if (!left.has(start)) continue;
    count += 1;
    const queue = [start];
    for (const node of queue) {
      if (!left.delete(node)) continue;
      for (const edge of edges) if (edge.includes(node)) queue.push(...edge);
    }
  }
  return count;
}
