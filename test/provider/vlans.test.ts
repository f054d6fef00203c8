import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../provider/schema.ts";
import {
  tunnelChanges,
  tunnelledVlanList,
  type Vlans,
  vlanChanges,
  vlanList,
  vlansOf,
  vlanTexts,
} from "../../provider/vlans.ts";

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
    [["10,20-29"], '"10,20-29" is a list in one text; write [10, "20-29"]'],
    ["10, 20 untagged", '"10, 20 untagged" is a list in one text; write [10, "20 untagged"]'],
    [["10-20 pvid"], "a range cannot be the pvid"],
    [["10 pvid", "20 pvid"], "a port has at most one pvid"],
    [[10, "5-15"], "the VLAN 10 is listed twice"],
    [["10 tunnel_info id 7"], "tunnel_info is for the vlans of a port to a tunnel"],
  ])("%j is refused, because %s", (given, why) => {
    expect(v.safeParse(vlanList(), given).issues?.[0]?.message).toContain(`is not a list of VLANs: ${why}`);
  });

  test("is equal to its normal form, which does not change again", () => {
    fc.assert(
      fc.property(vlans, (some) => {
        const texts = vlanTexts(some);
        expect(new Map([...vlansOf(texts)].sort())).toEqual(new Map([...some].sort()));
        expect(v.parse(vlanList(), texts)).toEqual(texts);
      }),
    );
  });

  test("is changed to another one by its added and then its deleted entries", () => {
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

/** Generates VLANs, some of them with a tunnel identifier, which is unique. */
const mapped = fc
  .uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 12 }), fc.option(fc.integer({ min: 1, max: 14 }), { nil: undefined })),
    {
      selector: ([, id]) => id ?? {},
    },
  )
  .map(
    (all): Vlans => new Map(all.map(([vid, tunnelId]) => [vid, { pvid: false, untagged: false, tunnelId }] as const)),
  );

describe("a list of VLANs with tunnel identifiers", () => {
  test.each([
    [["10 tunnel_info id 1010"], ["10 tunnel_info id 1010"]],
    [
      ["21-22 tunnel_info id 6-7", "20 tunnel_info id 5", "23 untagged tunnel_info id 8", 24],
      ["20-22 tunnel_info id 5-7", "23 untagged tunnel_info id 8", "24"],
    ],
    [
      ["10 tunnel_info id 2", "11 tunnel_info id 1"],
      ["10 tunnel_info id 2", "11 tunnel_info id 1"],
    ],
  ])("%j is %j in normal form", (given, normal) => {
    expect(v.parse(tunnelledVlanList(), given)).toEqual(normal);
  });

  test("is equal to its normal form, which does not change again", () => {
    fc.assert(
      fc.property(mapped, (some) => {
        const texts = vlanTexts(some);
        expect(vlanTexts(vlansOf(texts))).toEqual(texts);
        expect(v.parse(tunnelledVlanList(), texts)).toEqual(texts);
      }),
    );
  });

  test("is changed to another one in the order of the commands, and no identifier belongs to two VLANs at any time", () => {
    fc.assert(
      fc.property(mapped, mapped, (has, wanted) => {
        const ids = new Map([...has].map(([vid, { tunnelId }]) => [vid, tunnelId]));
        const { add, remove } = tunnelChanges(has, wanted);
        for (const vid of vlansOf(remove).keys()) expect(ids.delete(vid)).toBe(true);
        for (const vid of vlansOf(vlanChanges(has, wanted).remove).keys()) ids.delete(vid);
        for (const [vid, { tunnelId }] of vlansOf(add)) {
          expect([...ids.values()]).not.toContain(tunnelId);
          ids.set(vid, tunnelId);
        }
        const given = (all: Iterable<readonly [number, number | undefined]>) =>
          [...all].filter(([, id]) => id !== undefined).sort(([one], [other]) => one - other);
        expect(given(ids)).toEqual(given([...wanted].map(([vid, { tunnelId }]) => [vid, tunnelId])));
      }),
    );
  });
});
