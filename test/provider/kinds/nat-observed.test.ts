import { describe, expect, test } from "vitest";
import type { NftRule } from "../../../provider/kernel/tools/nft.ts";
import { natRule } from "../../../provider/kinds/nat-rule.ts";
import { MARK, ready } from "../samples.ts";
import { type Exchange, fails, scripted, tells } from "../script.ts";
import { LAN, ruleAt, stranger } from "./nat-sample.ts";

const LIST = "ip netns exec red nft --json list table inet pulumi-netns/lab/dev";
type Seen = NonNullable<Parameters<typeof natRule.plan>[0]["seen"]>;

describe("the observed state", () => {
  const HERE = { ...LAN, namespace: "red" };
  const observeAs = (args: object, ...rules: NftRule[]) =>
    scripted([[LIST, tells({ nftables: rules.map((rule) => ({ rule })) })]], (kernel) =>
      natRule.observe(kernel, ready(natRule, args), MARK),
    );
  const observe = (...rules: NftRule[]) => observeAs(HERE, ...rules);
  const found = (rule: NftRule | undefined, rules: NftRule[], after?: string): Seen => ({
    namespace: "red",
    table: "pulumi-netns/lab/dev",
    mark: MARK,
    rule,
    rules,
    around: { chains: [], rules, others: [] },
    state: rule && ready(natRule, { type: "masquerade", namespace: "red", ...(after !== undefined && { after }) }),
  });
  const mark = (name: string) => `pulumi-netns:lab/dev:${name}`;
  const [A, B] = ["a@aaaaaaaa", "b@bbbbbbbb"];
  const [OWN, OTHER] = [ruleAt(7), ruleAt(8, mark(A))];

  test("has the rule with the mark, among all rules of the table", async () => {
    expect(await observe(stranger, OTHER, OWN)).toEqual(found(OWN, [stranger, OTHER, OWN]));
  });

  test("has no rule if all rules are foreign, and lists them", async () => {
    expect(await observe(stranger, OTHER)).toEqual(found(undefined, [stranger, OTHER]));
  });

  test("is undefined for an empty table", async () => {
    expect(await observe()).toBeUndefined();
  });

  test("is undefined if there is no table", async () => {
    const script: Exchange[] = [[LIST, fails("Error: No such file or directory", 1)]];
    expect(await scripted(script, (kernel) => natRule.observe(kernel, ready(natRule, HERE), MARK))).toBeUndefined();
  });

  test("has the rule of the former table after the stack was renamed", async () => {
    const next = "pulumi-netns:lab/next@11111111:it@89abcdef";
    const script: Exchange[] = [
      [LIST, tells({ nftables: [{ rule: OWN }] })],
      [LIST.replace("lab/dev", "lab/next"), tells({ nftables: [{ rule: OTHER }] })],
    ];
    const look = scripted(script, (kernel) => natRule.observe(kernel, ready(natRule, HERE), MARK, next));
    expect(await look).toEqual({ ...found(OWN, [OTHER]), around: { chains: [], rules: [OWN], others: [] } });
  });

  const behind = (hash: string, handle = 7, chain = "postrouting") => ruleAt(handle, `${MARK} after ${hash}`, chain);
  const of = (name: string, handle: number, after?: string, chain?: string) =>
    ruleAt(handle, after === undefined ? mark(name) : `${mark(name)} after ${after}`, chain);

  test.each<[string, NftRule[], string | undefined]>([
    ["none if it is declared first", [OWN], undefined],
    ["none if it is declared first and others are before it", [OTHER, OWN], undefined],
    ["the declared one if it follows that", [of(A, 1), behind("aaaaaaaa")], A],
    ["the declared one if a rule of a user is between the two", [of(A, 1), stranger, behind("aaaaaaaa")], A],
    ["the rule before it if that is not the declared one", [of(A, 1), of(B, 2), behind("aaaaaaaa")], B],
    ["none if the declared one comes after it", [behind("aaaaaaaa"), of(A, 1)], undefined],
    ["the declared one if that is in another chain", [behind("aaaaaaaa"), of(A, 1, undefined, "prerouting")], A],
    [
      "the declared one in another chain, through which it follows the rule before it",
      [of(B, 2), behind("aaaaaaaa"), of(A, 1, "bbbbbbbb", "prerouting")],
      A,
    ],
    [
      "the rule before it if the one in another chain follows none in its own chain",
      [of(B, 2), behind("aaaaaaaa"), of(A, 1, undefined, "prerouting")],
      B,
    ],
    ["the hash of a missing rule, which will be created before it", [behind("aaaaaaaa")], "aaaaaaaa"],
  ])("is a rule that comes after %s", async (_what, rules, after) => {
    const seen = await observe(...rules);
    expect(seen?.state?.after).toBe(after);
  });

  test.each([
    ["the declared one, also if that is missing", A, A],
    ["the hash of a missing rule that is not the declared one", B, "aaaaaaaa"],
  ])("is a rule that comes after %s", async (_what, declared, after) => {
    const seen = await observeAs({ ...HERE, after: declared }, behind("aaaaaaaa"));
    expect(seen?.state?.after).toBe(after);
  });
});
