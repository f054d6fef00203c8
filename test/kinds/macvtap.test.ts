import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red");

const show = async () => (await lab.ip("-n", "red", "-details", "link", "show", "dev", "tap0"))[0];

test("a macvtap in a namespace, on an interface of the lab host, is created, updated, repaired after drift, and deleted", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up({ a: { name: "uplink" }, b: { name: "eth0", namespace: "red" } });
  const tap = lab.resource("Macvtap", "tap");
  const args = { name: "tap0", namespace: "red", link: "uplink" };
  expect(await tap.up(args)).toBe("create");
  const made = await show();
  expect(made).toMatchObject({ linkinfo: { info_kind: "macvtap", info_data: { mode: "bridge" } } });
  expect(await tap.up(args)).toBe("same");
  expect(await tap.refresh()).toEqual([]);

  expect(await tap.up({ ...args, mode: "vepa" })).toBe("update");
  expect(await show()).toMatchObject({ ifindex: made.ifindex, linkinfo: { info_data: { mode: "vepa" } } });
  await lab.run("ip", "-n", "red", ..."link set dev tap0 type macvtap mode private".split(" "));
  expect(await tap.refresh()).toEqual(["mode"]);
  expect(await tap.up({ ...args, mode: "vepa" })).toBe("update");
  expect(await tap.refresh()).toEqual([]);
  await tap.destroy();
  await wire.destroy();
  await expectNothingLeft();
});

test("a Macvtap replaces a Macvlan of the same name, which the program no longer declares", async () => {
  await lab.resource("Veth", "wire").up({ a: { name: "uplink" }, b: { name: "eth0", namespace: "red" } });
  const args = { name: "tap0", namespace: "red", link: "uplink" };
  await lab.resource("Macvlan", "tap").up(args);
  const next = lab.nextRun();
  const tap = next.resource("Macvtap", "tap");
  expect(await tap.up(args)).toBe("create");
  expect(await show()).toMatchObject({ linkinfo: { info_kind: "macvtap" } });
});
