import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce } from "../support/ping.ts";
import { end, show, underlay } from "../support/vxlan-ends.ts";

labForEachTest("red", "blue");

//   red ─ vx0 192.168.42.1 ┄┄ tunnel ┄┄ 192.168.42.2 vx0 ─ blue
//          └ eth0 10.0.0.1 ══════════════ 10.0.0.2 eth0 ┘

test("an end whose underlay is another namespace carries packets, is updated, and is deleted with the underlay", async () => {
  await lab.run("ip", "netns", "add", "inner");
  await underlay();
  const [left, right] = [lab.resource("Vxlan", "left"), lab.resource("Vxlan", "right")];
  const args = end({
    ...{ namespace: "inner", underlay: "red", remote: "10.0.0.2", local: "10.0.0.1", dev: "eth0" },
    addresses: ["192.168.42.1/24"],
  });
  await right.up({ name: "vx0", namespace: "blue", vni: 42, remote: "10.0.0.1", addresses: ["192.168.42.2/24"] });
  expect(await left.up(args)).toBe("create");
  expect(await show("vx0", "inner")).toMatchObject({ group: "default", link_netnsid: 0 });
  await pingOnce(lab, "inner", "192.168.42.2", "-W2");
  expect(await left.up(args)).toBe("same");
  expect(await left.refresh()).toEqual([]);
  const { ifindex } = await show("vx0", "inner");
  expect(await left.up({ ...args, ageing: 60, flood: ["10.0.0.2"], remote: undefined })).toBe("replace");
  expect(await left.up({ ...args, ageing: 70, flood: ["10.0.0.2", "10.0.0.3"], remote: undefined })).toBe("update");
  expect(await left.refresh()).toEqual([]);
  expect(await left.up(args)).toBe("replace");
  expect((await show("vx0", "inner")).ifindex).not.toBe(ifindex);

  // The same link is created by hand, with its socket in its own namespace.
  const { ifalias } = await show("vx0", "inner");
  await lab.run("ip", "-n", "inner", "link", "delete", "dev", "vx0");
  await lab.run(
    ...("ip -n inner link add vx0 type vxlan id 42 remote 10.0.0.2 local 10.0.0.1 dstport 4789".split(" ") as [string]),
  );
  await lab.run("ip", "-n", "inner", "link", "set", "dev", "vx0", "alias", ifalias);
  expect(await left.refresh()).toEqual(expect.arrayContaining(["underlay", "dev"]));
  expect(await left.up(args)).toBe("replace");
  expect(await left.refresh()).toEqual([]);

  await lab.run("ip", "netns", "delete", "red");
  await expect.poll(() => left.refresh()).toBe("gone");
  await right.destroy();
  for (const namespace of ["inner", "blue"])
    expect((await lab.ip("-n", namespace, "link", "show")).map(({ ifname }) => ifname)).toEqual(["lo"]);
});

test("an end in a namespace can have the lab host as its underlay, beside another end with the same VNI", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up({
    a: { name: "to-blue", addresses: ["10.0.0.1/24"] },
    b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24"] },
  });
  const [own, left, right] = [
    lab.resource("Vxlan", "own"),
    lab.resource("Vxlan", "left"),
    lab.resource("Vxlan", "right"),
  ];
  await own.up(end({ name: "vx1" }));
  const args = end({ underlay: "/", remote: "10.0.0.2", dev: "to-blue", addresses: ["192.168.42.1/24"] });
  await left.up(args);
  await right.up({ name: "vx0", namespace: "blue", vni: 42, remote: "10.0.0.1", addresses: ["192.168.42.2/24"] });
  await pingOnce(lab, "red", "192.168.42.2", "-W2");
  expect([await own.refresh(), await left.refresh(), await right.refresh()]).toEqual([[], [], []]);
  for (const one of [own, left, right, wire]) await one.destroy();
  await expectNothingLeft();
});

test("an end on the lab host can have a namespace as its underlay", async () => {
  await underlay();
  const [left, right] = [lab.resource("Vxlan", "left"), lab.resource("Vxlan", "right")];
  const args = end({
    ...{ namespace: undefined, underlay: "red", remote: "10.0.0.2", dev: "eth0" },
    addresses: ["192.168.42.1/24"],
  });
  await right.up({ name: "vx0", namespace: "blue", vni: 42, remote: "10.0.0.1", addresses: ["192.168.42.2/24"] });
  expect(await left.up(args)).toBe("create");
  expect((await lab.ip("link", "show", "dev", "vx0"))[0]).toMatchObject({ link_netnsid: expect.any(Number) });
  expect((await lab.try("ping", "-c1", "-W2", "192.168.42.2")).code).toBe(0);
  expect(await left.up(args)).toBe("same");
  expect(await left.refresh()).toEqual([]);
  expect(await left.up({ ...args, vni: 43 })).toBe("replace");
  expect(await left.refresh()).toEqual([]);
  await lab.run("ip", "netns", "delete", "red");
  await expect.poll(() => left.refresh()).toBe("gone");
  for (const one of [left, right]) await one.destroy();
  await lab.run("ip", "netns", "add", "red");
  await expectNothingLeft();
});
