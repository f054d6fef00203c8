import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

const data = async (name: string) =>
  (await lab.ip("-details", "link", "show", "dev", name))[0].linkinfo.info_data as Record<string, unknown>;

const SOON = { timeout: 20_000, interval: 200 };

//  root ══ other, two bridges with the spanning tree protocol; other has the higher priority number, so it is not the root
test("the timers of the root bridge, and the ageing time of a topology change, are no drift", async () => {
  const root = lab.resource("Bridge", "root");
  const other = lab.resource("Bridge", "other");
  const timers = { stp: true, helloTime: 1, forwardDelay: 4, ageingTime: 100 };
  await root.up({ name: "root", ...timers });
  const wanted = { name: "other", ...timers, forwardDelay: 6, priority: 40_000 };
  await other.up(wanted);
  await lab
    .resource("Veth", "cable")
    .up({ a: { name: "a", master: "root" }, b: { name: "b", master: "other" } }, { atHome: true });
  await expect.poll(() => data("other"), SOON).toMatchObject({ forward_delay: 400, root_port: 1 });
  expect(await other.refresh()).toEqual([]);
  expect(await other.up(wanted)).toBe("same");

  // The change takes effect when the bridge becomes the root.
  expect(await other.up({ ...wanted, forwardDelay: 8 })).toBe("update");
  expect(await data("other")).toMatchObject({ forward_delay: 400 });
  await lab.run("ip", "link", "set", "dev", "other", "type", "bridge", "priority", "0");
  expect(await data("other")).toMatchObject({ forward_delay: 800, topology_change: 1, ageing_time: 1600 });
  expect(await other.refresh()).toEqual(["priority"]);
  await other.up({ ...wanted, forwardDelay: 8, priority: 0, ageingTime: 90 });
  expect(await other.refresh()).toEqual([]);

  // Its own drift is still found.
  await lab.run("ip", "link", "set", "dev", "other", "type", "bridge", "forward_delay", "700");
  expect(await other.refresh()).toEqual(["forwardDelay"]);
});
