import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red");

const show = async () => (await lab.ip("-n", "red", "-details", "link", "show", "dev", "ifb-red"))[0];

test("an ifb is created, updated in place, repaired after drift, replaced, and deleted", async () => {
  const ifb = lab.resource("Ifb", "shaper");
  const args = { name: "ifb-red", namespace: "red" };
  expect(await ifb.up(args)).toBe("create");
  const made = await show();
  expect(made).toMatchObject({ group: "default", linkinfo: { info_kind: "ifb" } });
  expect(made.flags).toContain("UP");
  expect(await ifb.up(args)).toBe("same");
  expect(await ifb.refresh()).toEqual([]);

  const changed = { ...args, mtu: 9000, addresses: ["10.0.0.1/24"] };
  expect(await ifb.up(changed)).toBe("update");
  expect(await show()).toMatchObject({ ifindex: made.ifindex, mtu: 9000 });
  await lab.run("ip", "-n", "red", "link", "set", "dev", "ifb-red", "down");
  expect(await ifb.refresh()).toEqual(["up"]);
  expect(await ifb.up(changed)).toBe("update");
  expect(await ifb.refresh()).toEqual([]);
  expect(await ifb.up({ ...changed, mac: "02:00:00:00:00:01" })).toBe("replace");
  expect((await show()).address).toBe("02:00:00:00:00:01");
  expect(await ifb.refresh()).toEqual([]);
  await ifb.destroy();
  await ifb.destroy();
  await expectNothingLeft();
});

// The packets that red's eth0 receives are redirected to the ifb, as with an impairment of direction ingress.
test("packets that are redirected to an ifb arrive", async () => {
  await lab.resource("Ifb", "shaper").up({ name: "ifb-red", namespace: "red" });
  await lab.resource("Veth", "wire").up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.2/24"] },
    b: { name: "port", addresses: ["10.0.0.1/24"] },
  });
  const tc = (line: string) => lab.run("tc", "-n", "red", ...line.split(" "));
  await tc("qdisc add dev eth0 handle ffff: ingress");
  await tc("filter add dev eth0 parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev ifb-red");
  expect((await lab.try("ping", "-c1", "-W2", "10.0.0.2")).code).toBe(0);
  const [{ stats64 }] = await lab.ip("-n", "red", "-statistics", "link", "show", "dev", "ifb-red");
  expect(stats64.tx.packets).toBeGreaterThan(0);
});
