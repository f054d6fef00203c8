import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

const TABLE = "pulumi-netns/test/dev";
const lan = { type: "masquerade", source: "192.168.15.0/24" };
const web = { type: "dnat", destination: "10.0.0.1/32", toAddress: "192.168.15.2" };

/** Loads the saved ruleset again, which adds each rule a second time. */
const loadAgain = () => lab.run("sh", "-c", "saved=$(nft list ruleset); printf '%s\\n' \"$saved\" | nft -f -");

const ruleset = () => lab.run("nft", "--stateless", "list", "ruleset");

test("copies of a rule, as after a saved ruleset was loaded again, are drift of it alone, and the next up deletes them", async () => {
  const [one, two, other] = ["one", "two", "other"].map((name) => lab.resource("NatRule", name)) as [any, any, any];
  const all = () => Promise.all([one.up(lan), two.up({ ...lan, source: "10.5.0.0/16" }), other.up(web)]);
  await all();
  const before = await ruleset();
  await loadAgain();
  await lab.run("nft", "add", "rule", "inet", TABLE, "postrouting", "accept");
  expect([await one.refresh(), await two.refresh(), await other.refresh()]).toEqual([
    ["copies"],
    ["copies"],
    ["copies"],
  ]);
  expect(one.outputs["copies"]).toBe("1");
  expect(await all()).toEqual(["update", "update", "update"]);
  expect((await ruleset()).replace(/\t\taccept\n/, "")).toBe(before);
  expect([await one.refresh(), await two.refresh(), await other.refresh()]).toEqual([[], [], []]);
});

test("a delete deletes the copies of a rule, too, and the table with the last of them", async () => {
  const [one, other] = ["one", "other"].map((name) => lab.resource("NatRule", name)) as [any, any];
  await Promise.all([one.up(lan), other.up(web)]);
  await loadAgain();
  await other.destroy();
  expect(await ruleset()).not.toContain("dnat");
  await one.destroy();
  expect(await ruleset()).toBe("");
});

test("a rule that moves to another chain takes its copies with it", async () => {
  const one = lab.resource("NatRule", "one") as any;
  await one.up(lan);
  await loadAgain();
  expect(await one.up({ ...lan, priority: 50 })).toBe("update");
  expect((await ruleset()).match(/masquerade/g)).toHaveLength(1);
  expect(await ruleset()).not.toContain("chain postrouting {");
});
