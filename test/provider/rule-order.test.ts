import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LinkedRule, longestIncreasing, sortByLinks } from "../../provider/rule-order.ts";

/** Parses a rule, with its predecessor after `<`. */
const rule = (text: string): LinkedRule => ({ id: text.split("<")[0] ?? "", after: text.split("<")[1] });
const ordered = (...texts: string[]) =>
  sortByLinks(texts.map(rule))
    .map(({ id }) => id)
    .join("");

describe("rules are sorted", () => {
  test.each<[string, string[], string]>([
    ["as an empty list", [], ""],
    ["by their links", ["c<b", "a", "b<a"], "abc"],
    ["as given without links", ["b", "c", "a"], "bca"],
    ["as given if their predecessors are missing", ["b<x", "a<y"], "ba"],
    ["behind their predecessor, also if that is moved", ["c<b", "d<a", "b<a", "a"], "adbc"],
    ["as given if they name the same predecessor", ["a", "c<a", "b<a"], "acb"],
    ["with all their successors before the next rule with the same predecessor", ["a", "c<a", "b<a", "d<c"], "acdb"],
    ["completely if the links form a cycle", ["a<c", "b<a", "c<b"], "abc"],
    ["completely if two rules change places and only one has its new predecessor", ["a<b", "b<a"], "ab"],
    ["completely if a rule names itself", ["a<a", "b<a"], "ab"],
    ["with rules of a cycle behind the others", ["a<b", "b<a", "c", "d<c"], "cdab"],
  ])("%s", (_how, texts, order) => {
    expect(ordered(...texts)).toBe(order);
  });
});

const ids = fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { maxLength: 8 });
const links = fc.array(
  fc.record({ id: fc.constantFrom(..."abcdefgh"), after: fc.constantFrom(undefined, ..."abcdefghxy") }),
  { maxLength: 8 },
);

/** Returns the rules of a program: each comes after the one before it. */
const linked = (order: readonly string[]): LinkedRule[] => order.map((id, index) => ({ id, after: order[index - 1] }));

test("sorting keeps all rules, and does not change a sorted list", () => {
  fc.assert(
    fc.property(links, (rules) => {
      const unique = [...new Map(rules.map((one) => [one.id, one])).values()];
      const once = sortByLinks(unique);
      expect(new Set(once)).toEqual(new Set(unique));
      expect(once).toHaveLength(unique.length);
      expect(sortByLinks(once)).toEqual(once);
    }),
  );
});

test("the rules of a program are sorted into its order, for any given order", () => {
  fc.assert(
    fc.property(
      ids.chain((order) => fc.tuple(fc.constant(order), fc.shuffledSubarray(order, { minLength: order.length }))),
      ([order, given]) => {
        const rules = given.map((id) => linked(order).find((one) => one.id === id) ?? { id, after: undefined });
        expect(sortByLinks(rules).map(({ id }) => id)).toEqual(order);
      },
    ),
  );
});

/** A program, the next program, and the order and the batch sizes of its changes. */
const edits = fc.record({
  before: ids,
  after: ids,
  arrival: fc.shuffledSubarray([..."abcdefgh"], { minLength: 8 }),
  sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
});

test("after any inserts, moves and deletes in any order, the rules have the order of the program", () => {
  fc.assert(
    fc.property(edits, ({ before, after, arrival, sizes }) => {
      let rules = linked(before);
      const isOld = (one: LinkedRule) => rules.some((old) => old.id === one.id && old.after === one.after);
      const changes = linked(after)
        .filter((one) => !isOld(one))
        .toSorted((one, other) => arrival.indexOf(one.id) - arrival.indexOf(other.id));
      for (let turn = 0; changes.length > 0; turn += 1) {
        const batch = changes.splice(0, sizes[turn % sizes.length]);
        const isNew = ({ id }: LinkedRule) => !rules.some((old) => old.id === id);
        rules = sortByLinks([
          ...rules.map((old) => batch.find(({ id }) => id === old.id) ?? old),
          // New rules are put behind all others.
          ...batch.filter(isNew),
        ]);
      }
      // Deletes come last, and each of them sorts the remaining rules.
      for (const id of before.filter((id) => !after.includes(id)))
        rules = sortByLinks(rules.filter((old) => old.id !== id));
      expect(rules.map(({ id }) => id)).toEqual(after);
    }),
    { numRuns: 1000 },
  );
});

describe("the longest increasing subsequence", () => {
  test.each<[number[], number[]]>([
    [[], []],
    [[1], [0]],
    [
      [1, 2, 3],
      [0, 1, 2],
    ],
    [[3, 2, 1], [2]],
    [
      [2, 1, 3],
      [1, 2],
    ],
    [
      [4, 1, 2, 3],
      [1, 2, 3],
    ],
    [
      [1, 3, 4, 2, 5],
      [0, 1, 2, 4],
    ],
    [
      [5, 1, 4, 2, 3],
      [1, 3, 4],
    ],
    [[1, 1], [1]],
    [
      [1, Infinity, 2, 3],
      [0, 2, 3],
    ],
  ])("of %j is at %j", (numbers, positions) => {
    expect([...longestIncreasing(numbers)].toSorted()).toEqual(positions);
  });

  /** Returns the length of the longest increasing subsequence, by trying all of them. */
  function longest([first, ...rest]: readonly number[], above = -Infinity): number {
    if (first === undefined) return 0;
    const without = longest(rest, above);
    return first > above ? Math.max(without, 1 + longest(rest, first)) : without;
  }

  test("of any numbers increases, and none is longer", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 9 }), (numbers) => {
        const row = [...longestIncreasing(numbers)]
          .toSorted((one, other) => one - other)
          .map((position) => numbers[position] ?? 0);
        for (const [index, number] of row.entries()) expect(number).toBeGreaterThan(row[index - 1] ?? -1);
        expect(row).toHaveLength(longest(numbers));
      }),
      { numRuns: 500 },
    );
  });
});
