import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../provider/schema.ts";
import { type VniRange, vniChanges, vniList, vnisOf, vniTexts } from "../../provider/vnis.ts";

/** Generates identifiers from 1 to 12, each with its remote end. */
const byVni = fc
  .dictionary(fc.integer({ min: 1, max: 12 }).map(String), fc.constantFrom("", "remote 10.0.0.2", "group 239.1.1.1"), {
    maxKeys: 12,
  })
  .map((ends) => new Map<number, string>(Object.entries(ends).map(([vni, to]) => [Number(vni), to])));

const rangesOf = (some: ReadonlyMap<number, string>): VniRange[] =>
  vnisOf(vniTexts([...some].map(([vni, to]) => ({ first: vni, last: vni, to }))));

const single = (ranges: readonly VniRange[]): [number, string][] =>
  ranges.flatMap(({ first, last, to }) =>
    Array.from({ length: last - first + 1 }, (_, index): [number, string] => [first + index, to]),
  );

describe("a list of VXLAN identifiers", () => {
  test.each([
    [[10], ["10"]],
    [[], undefined],
    [
      ["100-200", 201, "5"],
      ["5", "100-201"],
    ],
    [
      ["1 remote 10.0.0.2", "2-3 remote 10.0.0.2", 4],
      ["1-3 remote 10.0.0.2", "4"],
    ],
    [["7 group FF05::100"], ["7 group ff05::100"]],
    [["1-16777215"], ["1-16777215"]],
    [
      [10, UNKNOWN],
      [10, UNKNOWN],
    ],
  ])("%j is %j in normal form", (given, normal) => {
    expect(v.parse(vniList(), given)).toEqual(normal);
  });

  test.each([
    [[0], "0 is not a VXLAN network identifier"],
    [["16777216"], '"16777216" is not a VXLAN network identifier'],
    [["30-20"], '"30-20" is not a VXLAN network identifier'],
    [["10 remote 239.1.1.1"], '"10 remote 239.1.1.1" is not a VXLAN network identifier'],
    [["10 group 10.0.0.2"], '"10 group 10.0.0.2" is not a VXLAN network identifier'],
    [["10 via eth0"], '"10 via eth0" is not a VXLAN network identifier'],
    [["10,20"], '"10,20" is a list in one text; write [10, 20]'],
    ["10 20", '"10 20" is a list in one text; write [10, 20]'],
    [[10, "5-15"], "the identifier 10 is listed twice"],
  ])("%j is refused, because %s", (given, why) => {
    expect(v.safeParse(vniList(), given).issues?.[0]?.message).toContain(
      `is not a list of VXLAN network identifiers: ${why}`,
    );
  });

  test("is equal to its normal form, which does not change again", () => {
    fc.assert(
      fc.property(byVni, (some) => {
        const texts = vniTexts(rangesOf(some));
        expect(new Map(single(vnisOf(texts)))).toEqual(some);
        expect(v.parse(vniList(), texts)).toEqual(some.size === 0 ? undefined : texts);
      }),
    );
  });

  test("is changed to another one by its deleted and then its added entries", () => {
    fc.assert(
      fc.property(byVni, byVni, (has, wanted) => {
        const { remove, add } = vniChanges(rangesOf(has), rangesOf(wanted));
        const after = new Map(has);
        // The kernel refuses to delete a missing identifier, and adds a second end to an existing one.
        for (const [vni] of single(vnisOf(remove))) expect(after.delete(vni)).toBe(true);
        for (const [vni, to] of single(vnisOf(add))) {
          expect(after.has(vni)).toBe(false);
          after.set(vni, to);
        }
        expect(after).toEqual(wanted);
        expect(vniChanges(rangesOf(wanted), rangesOf(wanted))).toEqual({ add: [], remove: [] });
      }),
    );
  });
});
