import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../provider/schema.ts";
import { vlanChanges, vlanList, vlansOf, vlanTexts } from "../../provider/vlans.ts";

const vlans = fc
  .dictionary(fc.integer({ min: 1, max: 12 }).map(String), fc.boolean(), { maxKeys: 12 })
  .chain((untagged) =>
    fc.record({ untagged: fc.constant(untagged), pvid: fc.constantFrom(undefined, ...Object.keys(untagged)) }),
  )
  .map(
    ({ untagged, pvid }) =>
      new Map(Object.entries(untagged).map(([vid, flag]) => [Number(vid), { untagged: flag, pvid: vid === pvid }])),
  );

describe("a list of VLANs", () => {
  test.each([
    [[10], ["10"]],
    [
      ["20-21", 22, "5 untagged pvid"],
      ["5 pvid untagged", "20-22"],
    ],
    [
      ["1 pvid", 2, 3],
      ["1 pvid", "2-3"],
    ],
    [["1-4094"], ["1-4094"]],
    [[], []],
    [
      [10, UNKNOWN],
      [10, UNKNOWN],
    ],
  ])("%j is %j in normal form", (given, normal) => {
    expect(v.parse(vlanList(), given)).toEqual(normal);
  });

  test.each([
    [[0], "0 is not a VLAN ID"],
    [["4095"], '"4095" is not a VLAN ID'],
    [["30-20"], '"30-20" is not a VLAN ID'],
    [["10 tagged"], '"10 tagged" is not a VLAN ID'],
    [["10-20 pvid"], "a range cannot be the pvid"],
    [["10 pvid", "20 pvid"], "a port has at most one pvid"],
    [[10, "5-15"], "the VLAN 10 is listed twice"],
  ])("%j is refused, since %s", (given, why) => {
    expect(v.safeParse(vlanList(), given).issues?.[0]?.message).toContain(`is not a list of VLANs: ${why}`);
  });

  test("is the same in its normal form, which is taken as it is", () => {
    fc.assert(
      fc.property(vlans, (some) => {
        const texts = vlanTexts(some);
        expect(new Map([...vlansOf(texts)].sort())).toEqual(new Map([...some].sort()));
        expect(v.parse(vlanList(), texts)).toEqual(texts);
      }),
    );
  });

  test("becomes another by what is added and then deleted", () => {
    fc.assert(
      fc.property(vlans, vlans, (has, wanted) => {
        const { add, remove } = vlanChanges(has, wanted);
        const after = new Map([...has, ...vlansOf(add)]);
        for (const vid of vlansOf(remove).keys()) after.delete(vid);
        expect(vlanTexts(after)).toEqual(vlanTexts(wanted));
        expect(vlanChanges(wanted, wanted)).toEqual({ add: [], remove: [] });
      }),
    );
  });
});
