import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LinkedRule, longestIncreasing, sortByLinks } from "../../provider/rule-order.ts";

/** A rule, and behind `<` the one that it comes right after. */
const rule = (text: string): LinkedRule => ({ id: text.split("<")[0] ?? "", after: text.split("<")[1] });
const ordered = (...texts: string[]) =>
  sortByLinks(texts.map(rule))
    .map(({ id }) => id)
    .join("");

describe("rules come", () => {
  test.each<[string, string[], string]>([
    ["none", [], ""],
    ["in the order of their links", ["c<b", "a", "b<a"], "abc"],
    ["as they are where no link says anything", ["b", "c", "a"], "bca"],
    ["as they are where their predecessors are not there", ["b<x", "a<y"], "ba"],
    ["behind what their predecessor is behind of", ["c<b", "d<a", "b<a", "a"], "adbc"],
    ["as they are where they name the same predecessor", ["a", "c<a", "b<a"], "acb"],
    ["with all that follows them before the next that names the same", ["a", "c<a", "b<a", "d<c"], "acdb"],
    ["once each, where links go round in a circle", ["a<c", "b<a", "c<b"], "abc"],
    ["once each, where two are to change places, and one has not heard of it", ["a<b", "b<a"], "ab"],
    ["once each, where one names itself", ["a<a", "b<a"], "ab"],
    ["with those of a circle behind the others", ["a<b", "b<a", "c", "d<c"], "cdab"],
  ])("%s", (_how, texts, order) => {
    expect(ordered(...texts)).toBe(order);
  });
});

const ids = fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { maxLength: 8 });
const links = fc.array(
  fc.record({ id: fc.constantFrom(..."abcdefgh"), after: fc.constantFrom(undefined, ..."abcdefghxy") }),
  { maxLength: 8 },
);

/** The rules of a program: each comes after the one before it. */
const linked = (order: readonly string[]): LinkedRule[] => order.map((id, index) => ({ id, after: order[index - 1] }));

test("all rules come, once each, and rules in their order stay in it", () => {
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

test("the rules of a program come in its order, however they are given", () => {
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

/** A program, the next one, and the order in which its changes come, in batches of so many. */
const edits = fc.record({
  before: ids,
  after: ids,
  arrival: fc.shuffledSubarray([..."abcdefgh"], { minLength: 8 }),
  sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
});

test("whatever is inserted, moved and deleted, and in whatever order that comes, the last change leaves the program's order", () => {
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
          // What comes is put behind all others.
          ...batch.filter(isNew),
        ]);
      }
      // Deletes come last, and each of them orders what is left.
      for (const id of before.filter((id) => !after.includes(id)))
        rules = sortByLinks(rules.filter((old) => old.id !== id));
      expect(rules.map(({ id }) => id)).toEqual(after);
    }),
    { numRuns: 1000 },
  );
});

describe("the longest ascending row", () => {
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

  /** The length of the longest ascending row, by trying all. */
  function longest([first, ...rest]: readonly number[], above = -Infinity): number {
    if (first === undefined) return 0;
    const without = longest(rest, above);
    return first > above ? Math.max(without, 1 + longest(rest, first)) : without;
  }

  test("of any numbers ascends, and none is longer", () => {
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
