import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Attachments, attachmentList, isDetached, isFollowedChanged } from "../../provider/attachments.ts";
import { UNKNOWN } from "../../provider/schema.ts";

test.each<[Attachments, readonly string[]]>([
  [undefined, []],
  [[], []],
  [
    ["x", "y"],
    ["x", "y"],
  ],
  [UNKNOWN, [UNKNOWN]],
])("the ties %j are %j", (ties, list) => {
  expect(attachmentList(ties)).toEqual(list);
});

describe("an object", () => {
  test.each<[string, Attachments, Attachments, { lies: boolean; follows: boolean }]>([
    ["with no ties", undefined, undefined, { lies: false, follows: false }],
    ["with none of either spelling", undefined, [], { lies: false, follows: false }],
    ["with the same", ["x#1"], ["x#1"], { lies: false, follows: false }],
    ["whose link is made anew", ["x#1"], ["x#2"], { lies: true, follows: true }],
    ["whose link is another", ["x#1"], ["y#1"], { lies: true, follows: true }],
    ["whose link loses its routes as well", ["x#1.5"], ["x#1.6"], { lies: true, follows: true }],
    ["that needs more of its link", ["x#1"], ["x#1.5"], { lies: true, follows: true }],
    ["with its first tie", undefined, ["x#1"], { lies: false, follows: true }],
    ["with one more", ["x#1"], ["x#1", "y#1"], { lies: false, follows: true }],
    ["with one more before", ["x#1"], ["y#1", "x#1"], { lies: false, follows: true }],
    ["with one fewer", ["x#1", "y#1"], ["x#1"], { lies: true, follows: true }],
    ["with none any more", ["x#1"], undefined, { lies: true, follows: true }],
    ["in another order", ["x#1", "y#1"], ["y#1", "x#1"], { lies: false, follows: true }],
    ["of which nothing is known yet", ["x#1"], UNKNOWN, { lies: true, follows: true }],
    ["of which one is not known yet", ["x#1", "y#1"], ["x#1", UNKNOWN], { lies: true, follows: true }],
    ["of which nothing is known, where there was none", undefined, UNKNOWN, { lies: false, follows: true }],
    ["of a state of version 0.1.0, which had names only", ["x"], ["x#1"], { lies: false, follows: false }],
    ["of a state of version 0.1.0 on another link", ["x"], ["y#1"], { lies: true, follows: true }],
    ["on a link that tells no generation", ["x#1"], ["x"], { lies: false, follows: false }],
    ["on a link of no generation that is another", ["x#1"], ["y"], { lies: true, follows: true }],
    ["on an end of a pair", ["red/x:y#1"], ["red/x:y#1"], { lies: false, follows: false }],
    ["on an end of a pair whose other end is another", ["red/x:y#1"], ["red/x:z#1"], { lies: true, follows: true }],
    ["with a switch", ["ipv6:net.ipv6.x=0"], ["ipv6:net.ipv6.x=0"], { lies: false, follows: false }],
    ["with a switch that is switched", ["ipv6:net.ipv6.x=0"], ["ipv6:net.ipv6.x=1"], { lies: true, follows: true }],
  ])("%s lies elsewhere, or follows another, or not", (_what, was, is, expected) => {
    expect({ lies: isDetached(was, is), follows: isFollowedChanged(was, is) }).toEqual(expected);
  });
});

const tie = fc.tuple(fc.constantFrom("x", "y", "z"), fc.constantFrom("1", "2")).map((parts) => parts.join("#"));
const ties = fc.uniqueArray(tie, { selector: (text) => text.split("#")[0], maxLength: 3 });

test("an object lies elsewhere exactly when a link that it lay on is not among its links", () => {
  fc.assert(
    fc.property(ties, ties, (was, is) => {
      expect(isDetached(was, is)).toBe(was.some((one) => !is.includes(one)));
      expect(isDetached(was, is.toReversed())).toBe(isDetached(was, is));
    }),
  );
});

test("an object follows another exactly when its ties are not the same", () => {
  fc.assert(
    fc.property(ties, ties, (was, is) => {
      expect(isFollowedChanged(was, is)).toBe(String(was) !== String(is));
      expect(isFollowedChanged(was, [...was])).toBe(false);
    }),
  );
});
