import { expect, test } from "vitest";
import { findOwned } from "../../inspect/owned/find.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import { applyPlan } from "../../provider/plan.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

const TABLE = "inet pulumi-netns/test/dev";
const nft = (line: string) => lab.run("nft", line);

/** Returns the lines of a listing of all tables, with the comments of the stack left out. */
const listed = async () =>
  (await lab.run("nft", "list", "ruleset")).split("\n").map((line) => line.trim().replace(/ comment .*/, ""));

const hide = { type: "masquerade", source: "10.0.0.0/8" };
const chain = { chain: "forward", policy: "drop" };

test.each<[string, string[], string[]]>([
  [
    "a filter chain without rules",
    [`add chain ${TABLE} evil { type filter hook forward priority 0; policy drop; }`],
    ["chain evil {", "type filter hook forward priority filter; policy drop;", "}"],
  ],
  [
    "a chain of NAT rules of another name, without rules",
    [`add chain ${TABLE} evil { type nat hook postrouting priority 99; }`],
    ["chain evil {", "type nat hook postrouting priority srcnat - 1; policy accept;", "}"],
  ],
  ["a chain for jumps", [`add chain ${TABLE} evil`], ["chain evil {", "}"]],
  [
    "a rule in the chain of the NatRules",
    [`insert rule ${TABLE} postrouting ip saddr 10.9.0.0/16 return`],
    [
      "chain postrouting {",
      "type nat hook postrouting priority srcnat; policy accept;",
      "ip saddr 10.9.0.0/16 return",
      "}",
    ],
  ],
  ["a set", [`add set ${TABLE} evil { type ipv4_addr; }`], ["set evil {", "type ipv4_addr", "}"]],
])("the last delete, and clean, leave what others have added to the table: %s", async (_what, byHand, left) => {
  const expected = [`table ${TABLE} {`, ...left, "}"];
  for (const order of [
    ["NatRule", "FilterChain"],
    ["FilterChain", "NatRule"],
  ]) {
    const all = order.map((type) => ({
      of: lab.nextRun().resource(type, "it"),
      args: type === "NatRule" ? hide : chain,
    }));
    for (const { of, args } of all) await of.up(args);
    for (const line of byHand) await nft(line);
    for (const { of } of all) await of.destroy();
    expect(await listed()).toEqual(expected);
    await nft(`delete table ${TABLE}`);
  }
  const [rule, filter] = [lab.nextRun().resource("NatRule", "it"), lab.resource("FilterChain", "it")];
  await Promise.all([rule.up(hide), filter.up(chain)]);
  for (const line of byHand) await nft(line);
  const kernel = linux(lab.enter, lab.root);
  const owned = async () => (await findOwned({ project: "test", stack: "dev" }, kernel)).marked;
  for (const { removal } of await owned()) await applyPlan(kernel, removal);
  expect(await listed()).toEqual(expected);
  expect(await owned()).toEqual([]);
});

test("a chain of NAT rules is deleted with its last rule, also if rules move to another one, and the table with its last chain", async () => {
  const [one, two] = [lab.resource("NatRule", "one"), lab.resource("NatRule", "two")];
  const filter = lab.resource("FilterChain", "it");
  const chains = async () => (await listed()).flatMap((line) => /^chain (\S+)/.exec(line)?.[1] ?? []);
  await Promise.all([one.up(hide), two.up({ ...hide, priority: 50 }), filter.up(chain)]);
  expect((await chains()).sort()).toEqual(["forward", "postrouting", "postrouting_at_50"]);
  await one.up({ ...hide, priority: 50 });
  expect((await chains()).sort()).toEqual(["forward", "postrouting_at_50"]);
  await Promise.all([one.destroy(), two.destroy()]);
  expect(await chains()).toEqual(["forward"]);
  expect(await filter.refresh()).toEqual([]);
  await filter.destroy();
  await expectNothingLeft();
});
