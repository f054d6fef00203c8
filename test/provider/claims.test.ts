import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Claim, type Claims, claim, exclusiveClaims } from "../../provider/claims.ts";

const [ONE, OTHER] = ["pulumi-netns:lab/dev:one@0123abcd", "pulumi-netns:lab/dev:other@89abcdef"];

const as = (mark: string) => ({ mark, type: "Thing" });

const refusal = (name: string, holder = "one", own = "other") => ({
  property: "",
  reason: `Thing ${holder} and Thing ${own} declare the same ${name}\n  help: give one of them another name`,
});

test("exclusive claims have no shared value", () => {
  expect(exclusiveClaims("interface x", "interface y")).toEqual([{ name: "interface x" }, { name: "interface y" }]);
  expect(exclusiveClaims()).toEqual([]);
});

describe("a name that another resource has claimed", () => {
  test.each<[string, Claim, Claim, boolean]>([
    ["is refused", { name: "x" }, { name: "x" }, false],
    [
      "is shared by resources with the same value",
      { name: "x", sharedValue: "1" },
      { name: "x", sharedValue: "1" },
      true,
    ],
    [
      "is refused to a resource with another value",
      { name: "x", sharedValue: "1" },
      { name: "x", sharedValue: "2" },
      false,
    ],
    [
      "is refused to a resource with a value if the other one has none",
      { name: "x" },
      { name: "x", sharedValue: "1" },
      false,
    ],
    [
      "is refused to a resource without a value if the other one has one",
      { name: "x", sharedValue: "1" },
      { name: "x" },
      false,
    ],
    ["does not affect claims of other names", { name: "x", sharedValue: "1" }, { name: "y", sharedValue: "2" }, true],
  ])("%s", (_what, first, second, taken) => {
    const claims: Claims = new Map();
    expect(claim(claims, [first], as(ONE))).toEqual([]);
    expect(claim(claims, [second], as(OTHER))).toEqual(taken ? [] : [refusal("x")]);
    expect(claims.get("x")).toEqual({ ...first, ...as(ONE) });
  });

  test("is reported alone, and the free names are claimed", () => {
    const claims: Claims = new Map();
    claim(claims, exclusiveClaims("a", "b"), as(ONE));
    expect(claim(claims, exclusiveClaims("x", "b", "y", "a"), as(OTHER))).toEqual([refusal("b"), refusal("a")]);
    expect([...claims].map(([name, { mark }]) => [name, mark])).toEqual([
      ["a", ONE],
      ["b", ONE],
      ["x", OTHER],
      ["y", OTHER],
    ]);
  });
});

test("a resource may claim its own names again with another value", () => {
  const claims: Claims = new Map();
  claim(claims, [{ name: "x", sharedValue: "1" }], as(ONE));
  expect(claim(claims, [{ name: "x", sharedValue: "2" }], as(ONE))).toEqual([]);
  expect(claim(claims, [{ name: "x", sharedValue: "2" }], as(OTHER))).toEqual([]);
  expect(claim(claims, [{ name: "x", sharedValue: "1" }], as(OTHER))).toEqual([refusal("x")]);
});

const some = fc.record({
  who: fc.constantFrom("a", "b", "c"),
  name: fc.constantFrom("x", "y"),
  sharedValue: fc.constantFrom(undefined, "1", "2"),
});

test("for any claims, the first resource keeps a name, and only resources with the same value may share it", () => {
  fc.assert(
    fc.property(fc.array(some), (all) => {
      const claims: Claims = new Map();
      const held = new Map<string, (typeof all)[number]>();
      for (const one of all) {
        const { who, name, sharedValue } = one;
        const mark = `pulumi-netns:lab/dev:${who}@0123abcd`;
        const failures = claim(claims, [sharedValue === undefined ? { name } : { name, sharedValue }], as(mark));
        const holder = held.get(name) ?? one;
        const isShared = holder.who === who || (sharedValue !== undefined && sharedValue === holder.sharedValue);
        expect(failures).toEqual(isShared ? [] : [refusal(name, holder.who, who)]);
        if (holder.who === who) held.set(name, one);
      }
    }),
  );
});
