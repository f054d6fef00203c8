import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

const rules = async (table = "pulumi-netns/test/dev") =>
  (await lab.run("nft", "list", "table", "inet", table))
    .split("\n")
    .filter((line) => line.includes("comment"))
    .map((line) => line.trim().replace(/ comment .*/, ""));

test("with adopt, a rule replaces one equal foreign rule, and no other", async () => {
  const TYPED = [
    "add table ip nat",
    "add chain ip nat POST { type nat hook postrouting priority 100; }",
    "add chain ip nat early { type nat hook postrouting priority 90; }",
    "add rule ip nat POST ip saddr 10.0.0.0/8 masquerade",
    "add rule ip nat POST ip saddr 10.0.0.0/8 counter masquerade",
    "add rule ip nat POST ip saddr 10.1.0.0/16 masquerade",
    "add rule ip nat POST masquerade",
    "add rule ip nat early ip saddr 10.0.0.0/8 masquerade",
  ];
  for (const line of TYPED) await lab.run("nft", line);
  const theirs = lab.resource("NatRule", "theirs", "prod");
  await theirs.up({ type: "masquerade", source: "10.0.0.0/8" });
  const listed = async () =>
    (await lab.run("nft", "list", "table", "ip", "nat")).split("\n").filter((line) => line.includes("masquerade"));
  const typed = await listed();

  const rule = lab.resource("NatRule", "rule");
  await rule.up({ type: "masquerade", source: "10.0.0.0/8" });
  expect(await listed()).toEqual(typed);
  await rule.destroy();

  expect(await rule.up({ type: "masquerade", source: "10.0.0.0/8" }, { adopt: true })).toBe("create");
  expect(await listed()).toEqual(typed.toSpliced(0, 1));
  expect(await rules()).toEqual(["ip saddr 10.0.0.0/8 masquerade"]);
  expect(await rules("pulumi-netns/test/prod")).toEqual(["ip saddr 10.0.0.0/8 masquerade"]);
  expect(await rule.up({ type: "masquerade", source: "10.0.0.0/8" }, { adopt: true })).toBe("same");

  // A foreign rule without a family has that of its table. A rule without an equal foreign rule replaces none.
  const all = lab.resource("NatRule", "all");
  await all.up({ type: "masquerade", family: "ip" }, { adopt: true });
  const other = lab.resource("NatRule", "other");
  await other.up({ type: "masquerade", source: "10.9.0.0/16" }, { adopt: true });
  expect(await listed()).toHaveLength(typed.length - 2);
  expect(await rule.refresh()).toEqual([]);

  for (const one of [rule, all, other, theirs]) await one.destroy();
  await lab.run("nft", "delete", "table", "ip", "nat");
  await expectNothingLeft();
});
