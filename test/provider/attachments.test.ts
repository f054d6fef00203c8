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
])("the list of the attachments %j is %j", (ties, list) => {
  expect(attachmentList(ties)).toEqual(list);
});

describe("an object", () => {
  test.each<[string, Attachments, Attachments, { lies: boolean; follows: boolean }]>([
    ["without attachments", undefined, undefined, { lies: false, follows: false }],
    ["without attachments, as undefined and as an empty list", undefined, [], { lies: false, follows: false }],
    ["with the same attachment", ["x#1"], ["x#1"], { lies: false, follows: false }],
    ["whose link is a new one of the same name", ["x#1"], ["x#2"], { lies: true, follows: true }],
    ["whose link is another one", ["x#1"], ["y#1"], { lies: true, follows: true }],
    ["whose link has lost its routes as well", ["x#1.5"], ["x#1.6"], { lies: true, follows: true }],
    ["that requires more of its link", ["x#1"], ["x#1.5"], { lies: true, follows: true }],
    ["with its first attachment", undefined, ["x#1"], { lies: false, follows: true }],
    ["with one more attachment", ["x#1"], ["x#1", "y#1"], { lies: false, follows: true }],
    ["with one more attachment before the others", ["x#1"], ["y#1", "x#1"], { lies: false, follows: true }],
    ["with one attachment fewer", ["x#1", "y#1"], ["x#1"], { lies: false, follows: true }],
    ["with another one of its two attachments", ["x#1", "y#1"], ["x#1", "z#1"], { lies: false, follows: true }],
    [
      "with one attachment fewer, and one recreated",
      ["x#1", "y#1", "z#1"],
      ["x#1", "y#2"],
      { lies: true, follows: true },
    ],
    ["that has lost all attachments", ["x#1"], undefined, { lies: true, follows: true }],
    ["with its attachments in another order", ["x#1", "y#1"], ["y#1", "x#1"], { lies: false, follows: true }],
    ["whose attachments are unknown", ["x#1"], UNKNOWN, { lies: true, follows: true }],
    ["one of whose attachments is unknown", ["x#1", "y#1"], ["x#1", UNKNOWN], { lies: true, follows: true }],
    ["whose attachments are unknown and that had none", undefined, UNKNOWN, { lies: false, follows: true }],
    ["of version 0.1.0, which stored only names", ["x"], ["x#1"], { lies: false, follows: false }],
    ["of version 0.1.0 that is on another link", ["x"], ["y#1"], { lies: true, follows: true }],
    ["on a link without a generation", ["x#1"], ["x"], { lies: false, follows: false }],
    ["on another link without a generation", ["x#1"], ["y"], { lies: true, follows: true }],
    ["on an end of a pair", ["red/x:y#1"], ["red/x:y#1"], { lies: false, follows: false }],
    ["on an end of a pair with another peer", ["red/x:y#1"], ["red/x:z#1"], { lies: true, follows: true }],
    ["with a switch", ["ipv6:net.ipv6.x=0"], ["ipv6:net.ipv6.x=0"], { lies: false, follows: false }],
    [
      "with a switch whose value has changed",
      ["ipv6:net.ipv6.x=0"],
      ["ipv6:net.ipv6.x=1"],
      { lies: true, follows: true },
    ],
  ])("%s is recognized as detached or not, and as changed or not", (_what, was, is, expected) => {
    expect({ lies: isDetached(was, is), follows: isFollowedChanged(was, is) }).toEqual(expected);
  });
});

const tie = fc.tuple(fc.constantFrom("x", "y", "z"), fc.constantFrom("1", "2")).map((parts) => parts.join("#"));
const ties = fc.uniqueArray(tie, { selector: (text) => text.split("#")[0], maxLength: 3 });

test("an object is detached if one of its links was recreated, or if it has left all of them", () => {
  fc.assert(
    fc.property(ties, ties, (was, is) => {
      const recreated = was.filter((one) => is.some((now) => now !== one && now[0] === one[0]));
      const hasLeftAll = was.length > 0 && was.every((one) => !is.includes(one));
      expect(isDetached(was, is)).toBe(recreated.length > 0 || hasLeftAll);
      expect(isDetached(was, is.toReversed())).toBe(isDetached(was, is));
    }),
  );
});

test("an object has changed attachments if the lists differ", () => {
  fc.assert(
    fc.property(ties, ties, (was, is) => {
      expect(isFollowedChanged(was, is)).toBe(String(was) !== String(is));
      expect(isFollowedChanged(was, [...was])).toBe(false);
    }),
  );
});
