import { expect, test } from "vitest";
import { findOwned } from "../../inspect/owned/find.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import { applyPlan } from "../../provider/plan.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

const args = (more: object = {}) => ({ rate: "10mbit", ...more });
const root = async (link: string) =>
  (JSON.parse(await lab.run("tc", "-json", "qdisc", "show", "dev", link)) as any[]).filter(
    ({ root: is, handle }) => is && handle !== "0:",
  );

test("rate limits are found by their marks without a state, and are removed with their ifb", async () => {
  await lab.run("ip", "link", "add", "x0", "type", "bridge");
  await lab.resource("Tbf", "in").up(args({ interface: "x0", direction: "ingress" }));
  await lab.resource("Tbf", "out").up(args({ interface: "x0" }));
  const kernel = linux(lab.enter, lab.root);
  const owner = { project: "test", stack: "dev" };
  const { marked } = await findOwned(owner, kernel);
  const mine = marked.filter(({ what }) => what === "qdisc" || what === "ingress");
  expect(mine.map(({ what, name }) => [what, name])).toEqual([
    ["qdisc", "x0"],
    ["ingress", "x0"],
  ]);
  expect(marked.map(({ name }) => name)).not.toContain("ifb-x0");
  for (const { removal } of mine) await applyPlan(kernel, removal);
  expect(await root("x0")).toEqual([]);
  expect((await lab.ip("link", "show")).map(({ ifname }: { ifname: string }) => ifname)).not.toContain("ifb-x0");
  expect(
    (await findOwned(owner, kernel, new Set(["root qdisc of x0"]))).marked.filter(({ what }) => what === "qdisc"),
  ).toEqual([]);
});
