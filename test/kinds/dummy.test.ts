// @kernel dummy
import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce } from "../support/ping.ts";

labForEachTest("red");

const show = async () => (await lab.ip("-n", "red", "-details", "link", "show", "dev", "loopback1"))[0];

test("a dummy is created, updated in place, repaired after drift, and deleted", async () => {
  const loopback = lab.resource("Dummy", "loopback");
  const args = { name: "loopback1", namespace: "red", addresses: ["10.255.0.1/32"] };
  expect(await loopback.up(args)).toBe("create");
  const created = await show();
  expect(created).toMatchObject({ group: "default", linkinfo: { info_kind: "dummy" } });
  expect(created.ifalias).toMatch(/^pulumi-netns:test\/dev:loopback@/);
  await lab.run("ip", "-n", "red", "link", "set", "dev", "lo", "up");
  await pingOnce(lab, "red", "10.255.0.1", "-W2");
  expect(await loopback.up(args)).toBe("same");
  expect(await loopback.refresh()).toEqual([]);

  const changed = { ...args, mtu: 9000, mac: "02:00:00:00:00:01", addresses: ["10.255.0.2/32"], altname: "router-id" };
  expect(await loopback.up(changed)).toBe("update");
  expect(await show()).toMatchObject({
    ifindex: created.ifindex,
    mtu: 9000,
    address: "02:00:00:00:00:01",
    altnames: ["router-id"],
  });
  await lab.run("ip", "-n", "red", ..."link set dev loopback1 down mtu 1400".split(" "));
  expect(await loopback.refresh()).toEqual(["up", "mtu"]);
  expect(await loopback.up(changed)).toBe("update");
  expect(await loopback.refresh()).toEqual([]);
  await loopback.destroy();
  await loopback.destroy();
  await lab.run("ip", "-n", "red", "link", "set", "dev", "lo", "down");
  await expectNothingLeft();
});
