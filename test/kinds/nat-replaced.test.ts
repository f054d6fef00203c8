import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

const TABLE = "pulumi-netns/test/dev";

/** Returns the addresses to which the rules translate, in the order in which they apply. */
const targets = async () =>
  [...(await lab.run("nft", "list", "table", "inet", TABLE)).matchAll(/snat ip to (\S+)/g)].map(([, to]) => to);

/** The ways to declare several rules, and which one of them is replaced by hand. */
const cases = [
  { rules: 1, replaced: 0 },
  { rules: 3, replaced: 0 },
  { rules: 3, replaced: 1 },
  { rules: 3, replaced: 2 },
] as const;

test.each(cases)(
  "of $rules rules, rule $replaced that was replaced by hand is created again before the other rule",
  async ({ rules, replaced }) => {
    const all = Array.from({ length: rules }, (_, index) => ({
      resource: lab.resource("NatRule", `rule${index}`),
      args: { type: "snat", source: `10.0.${index}.0/24`, toAddress: `100.64.0.${index}` },
    }));
    let after: string | undefined;
    const ups: (() => Promise<unknown>)[] = [];
    for (const { resource, args } of all) {
      const given = { ...args, ...(after !== undefined && { after }) };
      ups.push(() => resource.up(given));
      await resource.up(given);
      const listing = await lab.run("nft", "list", "table", "inet", TABLE);
      after = [...listing.matchAll(/comment "[^"]*:([^": ]*)[^":]*"/g)].at(-1)?.[1];
    }
    const declared = await targets();
    const listing = await lab.run("nft", "--handle", "list", "table", "inet", TABLE);
    const handle = new RegExp(`to 100\\.64\\.0\\.${replaced} .*# handle (\\d+)`).exec(listing)?.[1] ?? "";
    const wrong = `ip saddr 10.0.${replaced}.0/24 snat ip to 100.64.0.99`;
    await lab.run("nft", `replace rule inet ${TABLE} postrouting handle ${handle} ${wrong}`);
    expect(await all[replaced]?.resource.refresh()).toBe("gone");
    for (const up of ups) await up();
    const now = await targets();
    expect(now.filter((to) => to !== "100.64.0.99")).toEqual(declared);
    expect(now.indexOf(`100.64.0.${replaced}`)).toBeLessThan(now.indexOf("100.64.0.99"));
  },
);
