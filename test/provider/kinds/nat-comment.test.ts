import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { natRule } from "../../../provider/kinds/nat-rule.ts";
import { hashOf, markIn, nameOf, predecessorIn, statement } from "../../../provider/kinds/nat-text.ts";
import natSample from "../../kinds/nat-rule.sample.ts";
import { MARK, ready } from "../samples.ts";

describe("the comment of a rule", () => {
  const BACKEND = "pulumi-netns:lab/dev@11111111:it@0123abcd";

  test("contains the hash of the rule that it comes after, for any name of that rule", () => {
    const args = ready(natRule, { type: "masquerade", after: "lan-out@89abcdef" });
    expect(statement(args, MARK)).toBe(`masquerade comment "${MARK} after 89abcdef"`);
  });

  test.each<[string | undefined, string | undefined, string | undefined, string | undefined]>([
    [MARK, MARK, undefined, "it@0123abcd"],
    [`${MARK} after 89abcdef`, MARK, "89abcdef", "it@0123abcd"],
    [BACKEND, BACKEND, undefined, "it@0123abcd"],
    [`${BACKEND} after 89abcdef`, BACKEND, "89abcdef", "it@0123abcd"],
    [`${MARK} after 89abcde`, undefined, undefined, undefined],
    [`${MARK} after 89abcdef `, undefined, undefined, undefined],
    [`${MARK} before 89abcdef`, undefined, undefined, undefined],
    ["a person's rule after 89abcdef", undefined, undefined, undefined],
    ["", undefined, undefined, undefined],
    [undefined, undefined, undefined, undefined],
  ])("%j has the mark %s and the predecessor %s, and is of the rule %s", (comment, mark, predecessor, name) => {
    expect([markIn(comment), predecessorIn(comment), nameOf(comment)]).toEqual([mark, predecessor, name]);
  });

  test("is parsed again, for any rule before it", () => {
    fc.assert(
      fc.property(natSample.args, (news) => {
        const args = ready(natRule, news);
        const [, comment] = / comment "([^"]*)"$/.exec(statement(args, BACKEND)) ?? [];
        expect([markIn(comment), predecessorIn(comment)]).toEqual([BACKEND, args.after && hashOf(args.after)]);
        expect(Buffer.byteLength(comment ?? "")).toBeLessThanOrEqual(127);
      }),
    );
  });
});
