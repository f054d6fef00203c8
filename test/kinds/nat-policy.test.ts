import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

const TABLE = "pulumi-netns/test/dev";

test("a policy of their chain that was changed by hand is drift of its rules only, and the next up of them restores it", async () => {
  const [one, two, early] = ["one", "two", "early"].map((name) => lab.resource("NatRule", name)) as [any, any, any];
  const args = { type: "masquerade", source: "192.168.15.0/24" };
  await one.up(args);
  await two.up({ ...args, exclude: true, type: "snat" });
  await early.up({ ...args, priority: 50 });
  const before = await lab.run("nft", "list", "ruleset");
  await lab.run("nft", "add", "chain", "inet", TABLE, "postrouting", "{ policy drop; }");
  expect([await one.refresh(), await two.refresh(), await early.refresh()]).toEqual([["policy"], ["policy"], []]);
  expect(one.outputs["policy"]).toBe("drop");
  expect(await Promise.all([one.up(args), two.up({ ...args, exclude: true, type: "snat" })])).toEqual([
    "update",
    "update",
  ]);
  expect(await lab.run("nft", "list", "ruleset")).toBe(before);
  expect([await one.refresh(), await two.refresh(), await early.refresh()]).toEqual([[], [], []]);
});
