import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest } from "../../../provider/owner.ts";
import { CHAINS, lab, markOf, type Rule, TABLE, textOf } from "./nat-lab.ts";

const expected = (program: readonly Rule[]): string[][] =>
  CHAINS.map((_, chain) => program.filter((rule) => rule.chain === chain).map(textOf));

const rules = (text: string): Rule[] => [...text].map((name) => ({ name, chain: 0 }));
const POST = `rule inet ${TABLE} postrouting`;
const said = (name: string, after?: string) =>
  `oifname "${name}" masquerade comment "${markOf(name)}${after === undefined ? "" : ` after ${digest(`urn:${after}`)}`}"`;

describe("the transaction", () => {
  const HOME = [
    `add table inet ${TABLE}`,
    `add chain inet ${TABLE} postrouting { type nat hook postrouting priority 100; policy accept; }`,
  ];

  test.each<[string, string, string, string[]]>([
    ["adds a rule behind the others", "ab", "abc", [...HOME, `add ${POST} ${said("c", "b")}`]],
    [
      "deletes a rule and updates the comment of the next one",
      "abc",
      "ac",
      [...HOME, `replace ${POST} handle 3 ${said("c", "a")}`],
    ],
    [
      "inserts a rule before the others",
      "ab",
      "xab",
      [...HOME, `insert ${POST} ${said("x")}`, `replace ${POST} handle 1 ${said("a", "x")}`],
    ],
    [
      "inserts a rule between others",
      "abc",
      "abxc",
      [...HOME, `add ${POST} handle 2 ${said("x", "b")}`, `replace ${POST} handle 3 ${said("c", "x")}`],
    ],
    [
      "inserts rules at several places",
      "abc",
      "axbyc",
      [
        ...HOME,
        `add ${POST} handle 1 ${said("x", "a")}`,
        `replace ${POST} handle 2 ${said("b", "x")}`,
        `add ${POST} handle 2 ${said("y", "b")}`,
        `replace ${POST} handle 3 ${said("c", "y")}`,
      ],
    ],
    [
      "inserts several rules at one place, each behind the same rule, the last one first",
      "ab",
      "axyb",
      [
        ...HOME,
        `add ${POST} handle 1 ${said("y", "x")}`,
        `add ${POST} handle 1 ${said("x", "a")}`,
        `replace ${POST} handle 2 ${said("b", "y")}`,
      ],
    ],
    [
      "moves only the rule whose place changes",
      "abcd",
      "bcda",
      [...HOME, `replace ${POST} handle 2 ${said("b")}`, `delete ${POST} handle 1`, `add ${POST} ${said("a", "d")}`],
    ],
  ])("%s", async (_what, before, after, lines) => {
    const { nft, up } = lab();
    await up(rules(before), [], [9]);
    await up(rules(after), [...after], [9]);
    const [, change] = nft.transactions;
    expect(change?.split("\n")).toEqual(lines);
  });
});

describe("rules that", () => {
  test("a user has added stay in the table, among those of the stack", async () => {
    const { nft, up, chains } = lab();
    await up(rules("ab"), [], [9]);
    nft.byHand(`insert ${POST} counter`);
    nft.byHand(`add ${POST} handle 1 counter behind a`);
    await up(rules("xayb"), [..."xayb"], [9]);
    expect(chains()[0]?.filter((text) => !text.startsWith("counter"))).toEqual(rules("xayb").map(textOf));
    expect(chains()[0]?.filter((text) => text.startsWith("counter"))).toEqual(["counter", "counter behind a"]);
  });

  test("a user has moved are reported by a refresh and moved back by an up", async () => {
    const { nft, up, refresh, chains } = lab();
    await up(rules("abcd"), [], [9]);
    nft.shuffle(TABLE, "postrouting", 0, 2);
    expect(await refresh()).not.toEqual([]);
    await up(rules("abcd"), [], [9]);
    expect(chains()[0]).toEqual(rules("abcd").map(textOf));
    expect(await refresh()).toEqual([]);
  });

  test("are all deleted are deleted together with their table", async () => {
    const { nft, up } = lab();
    await up(rules("abc"), [], [9]);
    await up([], [], [2]);
    expect(nft.tables()).toEqual([]);
  });
});

const names = [..."abcdef"];
const program = fc
  .tuple(
    fc.shuffledSubarray(names),
    fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: names.length, maxLength: names.length }),
  )
  .map(([order, chains]) => order.map((name, index): Rule => ({ name, chain: chains[index] ?? 0 })));
const arrival = fc.shuffledSubarray(names, { minLength: names.length });
const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
const runs = fc.array(fc.record({ program, arrival, sizes }), { minLength: 1, maxLength: 4 });

test("after any sequence of programs the rules have the order of the last one, and a refresh shows no change", async () => {
  await fc.assert(
    fc.asyncProperty(runs, async (runs) => {
      const { nft, up, refresh, chains } = lab();
      for (const { program, arrival, sizes } of runs) {
        await up(program, arrival, sizes);
        expect(chains()).toEqual(expected(program));
        expect(nft.tables()).toEqual(program.length === 0 ? [] : [TABLE]);
        expect(await refresh()).toEqual([]);
      }
      nft.moves();
      const { program, arrival, sizes } = runs.at(-1) ?? { program: [], arrival: [], sizes: [1] };
      await up(program, arrival, sizes);
      expect(nft.moves()).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test("an up restores the order of rules that a user has moved, after a refresh has reported it", async () => {
  const moved = fc.array(fc.record({ from: fc.nat({ max: 5 }), to: fc.nat({ max: 5 }) }), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(names, { minLength: 2 }),
      moved,
      arrival,
      sizes,
      async (order, moved, arrival, sizes) => {
        const { nft, up, refresh, chains } = lab();
        const program = rules(order.join(""));
        await up(program, arrival, sizes);
        for (const { from, to } of moved) nft.shuffle(TABLE, "postrouting", from % order.length, to % order.length);
        const drifted = String(chains()[0]) !== String(expected(program)[0]);
        expect((await refresh()).length > 0).toBe(drifted);
        await up(program, arrival, sizes);
        expect(chains()).toEqual(expected(program));
        expect(await refresh()).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});

test("as few rules as possible are moved if all changes come together", async () => {
  /** Returns the largest number of rules that keep their order. */
  const inOrder = (before: readonly string[], after: readonly string[]): number => {
    const places = before.flatMap((name) => (after.includes(name) ? [after.indexOf(name)] : []));
    const ends = places.map(() => 1);
    for (const [at, place] of places.entries())
      for (const [earlier, other] of places.slice(0, at).entries())
        if (other < place) ends[at] = Math.max(ends[at] ?? 1, (ends[earlier] ?? 0) + 1);
    return Math.max(0, ...ends);
  };
  // A deleted rule may be moved before its delete, so programs only grow here.
  const growing = fc.shuffledSubarray(names).chain((after) => fc.tuple(fc.shuffledSubarray(after), fc.constant(after)));
  await fc.assert(
    fc.asyncProperty(growing, async ([before, after]) => {
      const { nft, up } = lab();
      await up(rules(before.join("")), [], [9]);
      nft.moves();
      await up(rules(after.join("")), after, [9]);
      expect(nft.moves()).toBe(after.length - inOrder(before, after));
    }),
    { numRuns: 200 },
  );
});
