// @kernel geneve
import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce } from "../support/ping.ts";

labForEachTest("red", "blue");

const show = async () => (await lab.ip("-n", "red", "-details", "link", "show", "dev", "gnv0"))[0];

//   red ─ gnv0 192.168.42.1 ┄┄ tunnel ┄┄ 192.168.42.2 gnv0 ─ blue
//          └ eth0 10.0.0.1 ══════════════ 10.0.0.2 eth0 ┘
test("a Geneve tunnel carries packets, keeps its MTU in an update, is repaired after drift, and is deleted", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24", "fd00::1/64"] },
    b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24"] },
  });
  const [left, right] = [lab.resource("Geneve", "left"), lab.resource("Geneve", "right")];
  const args = {
    name: "gnv0",
    namespace: "red",
    vni: 42,
    remote: "10.0.0.2",
    mtu: 1400,
    addresses: ["192.168.42.1/24"],
  };
  expect(await left.up(args)).toBe("create");
  await right.up({ ...args, namespace: "blue", remote: "10.0.0.1", addresses: ["192.168.42.2/24"] });
  const created = await show();
  expect(created).toMatchObject({
    group: "default",
    linkinfo: { info_kind: "geneve", info_data: { id: 42, remote: "10.0.0.2", port: 6081 } },
  });
  await pingOnce(lab, "red", "192.168.42.2", "-W3");
  expect(await left.up(args)).toBe("same");
  expect(await left.refresh()).toEqual([]);

  const changed = { ...args, remote: "10.0.0.3", ttl: 32, df: "set" };
  expect(await left.up(changed)).toBe("update");
  expect(await show()).toMatchObject({
    ifindex: created.ifindex,
    mtu: 1400,
    linkinfo: { info_data: { remote: "10.0.0.3", ttl: 32, df: "set" } },
  });
  await lab.run("ip", "-n", "red", ..."link set dev gnv0 type geneve id 42 remote 10.0.0.9 ttl 3".split(" "));
  expect(await left.refresh()).toEqual(expect.arrayContaining(["remote", "ttl", "mtu"]));
  expect(await left.up(changed)).toBe("update");
  expect(await left.refresh()).toEqual([]);
  expect(await left.up({ ...changed, ttl: "inherit", tos: "inherit" })).toBe("update");
  expect(await show()).toMatchObject({ ifindex: created.ifindex, mtu: 1400, linkinfo: { info_data: { tos: "0x1" } } });
  expect((await lab.run("ip", "-n", "red", "-details", "link", "show", "dev", "gnv0")).includes(" ttl inherit ")).toBe(
    true,
  );
  expect(await left.refresh()).toEqual([]);
  expect(await left.up({ ...changed, tos: 16 })).toBe("update");
  expect(await show()).toMatchObject({ ifindex: created.ifindex, linkinfo: { info_data: { ttl: 32, tos: "0x10" } } });
  expect(await left.refresh()).toEqual([]);
  for (const other of [{ vni: 43 }, { dstport: 6082 }, { remote: "fd00::9" }]) {
    expect(await left.up({ ...changed, ...other })).toBe("replace");
    expect(await left.refresh()).toEqual([]);
  }
  await left.destroy();
  await left.destroy();
  await right.destroy();
  await wire.destroy();
  await expectNothingLeft();
});

//   inner ─ gnv0 192.168.42.1 ┄┄┄┄┄┄┄┄┄┄┄┄┄ 192.168.42.2 gnv0 ─ blue
//            ┊ underlay: red, eth0 10.0.0.1 ══════ 10.0.0.2 eth0
test("a tunnel whose underlay is another namespace carries packets, is updated, and is deleted with the underlay", async () => {
  await lab.run("ip", "netns", "add", "inner");
  await lab.resource("Veth", "wire").up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24"] },
    b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24"] },
  });
  // A link of the same name may exist in the underlay.
  await lab.run("ip", "-n", "red", "link", "add", "name", "gnv0", "type", "bridge");
  const [left, right] = [lab.resource("Geneve", "left"), lab.resource("Geneve", "right")];
  const ends = { name: "gnv0", vni: 42 };
  const args = {
    ...ends,
    ...{ namespace: "inner", underlay: "red", remote: "10.0.0.2", mtu: 1400, addresses: ["192.168.42.1/24"] },
  };
  await right.up({ ...ends, namespace: "blue", remote: "10.0.0.1", addresses: ["192.168.42.2/24"] });
  expect(await left.up(args)).toBe("create");
  await pingOnce(lab, "inner", "192.168.42.2", "-W3");
  expect(await left.up(args)).toBe("same");
  expect(await left.refresh()).toEqual([]);
  expect(await left.up({ ...args, ttl: 9 })).toBe("update");
  expect(await left.refresh()).toEqual([]);
  await pingOnce(lab, "inner", "192.168.42.2", "-W3");
  await lab.run("ip", "netns", "delete", "red");
  await expect.poll(() => left.refresh(), { timeout: 60_000 }).toBe("gone");
  await right.destroy();
});

test("the error about a tunnel with the VNI and remote end of another one gives advice", async () => {
  await lab.run("ip", "-n", "red", ..."link add gnv9 type geneve id 42 remote 10.0.0.2".split(" "));
  const left = lab.resource("Geneve", "left").up({ name: "gnv0", namespace: "red", vni: 42, remote: "10.0.0.2" });
  await expect(left).rejects.toThrow(/busy\n {2}help: another Geneve tunnel has this vni and remote/);
});
