import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

const TABLE = "pulumi-netns/test/dev";
test("a rule whose predecessor was deleted by hand has no drift of its own, and comes after the predecessor again", async () => {
  const [first, second] = [lab.resource("NatRule", "first"), lab.resource("NatRule", "second")];
  const args = { type: "masquerade", source: "192.168.15.0/24" };
  await first.up(args);
  const listing = await lab.run("nft", "--handle", "list", "table", "inet", TABLE);
  const [, after = "", handle = ""] = /comment "[^"]*:([^":]*)" # handle (\d+)/.exec(listing) ?? [];
  const later = { type: "masquerade", source: "192.168.16.0/24", after };
  await second.up(later);
  await lab.run("nft", "delete", "rule", "inet", TABLE, "postrouting", "handle", handle);
  expect(await second.refresh()).toEqual([]);
  expect(await first.refresh()).toBe("gone");
  expect([await first.up(args), await second.up(later)]).toEqual(["create", "same"]);
  const now = await lab.run("nft", "list", "table", "inet", TABLE);
  expect([...now.matchAll(/saddr (\S+) masquerade/g)].map(([, source]) => source)).toEqual([
    "192.168.15.0/24",
    "192.168.16.0/24",
  ]);
});
