import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { ARGS, HARDWARE, inRed, ip, onHost, picture, plug } from "../support/nic-stand-in.ts";

labForEachTest("red");

test("a new link with the name of a moved interface moves the interface back to the lab host", async () => {
  await plug();
  await ip("link property add dev enp3s0 altname eno1");
  const before = await picture();
  const { ifindex } = (await lab.ip("link", "show", "dev", "other"))[0];
  const args = { ...ARGS, mac: "02:00:00:00:00:01", mtu: 1300, altname: "uplink" };
  for (const [type, own] of [
    ["Bridge", { name: "wan", namespace: "red" }],
    ["Veth", { a: { name: "wan", namespace: "red" }, b: { name: "port" } }],
    ["Ifb", { name: "lan", altname: "wan", namespace: "red" }],
  ] as const) {
    const nic = lab.resource("Nic", "uplink");
    await nic.up(args);
    expect((await inRed()).altnames).toEqual(expect.arrayContaining(["eno1", "uplink"]));
    const taker = lab.nextRun().resource(type, "taker");
    await taker.up(own);
    expect(await onHost()).toMatchObject({ mtu: 1450, address: HARDWARE.mac, altnames: ["eno1"] });
    await nic.destroy();
    expect(await taker.refresh()).toEqual([]);
    await taker.destroy();
    expect([type, await picture()]).toEqual([type, before]);
  }
  expect((await lab.ip("link", "show", "dev", "other"))[0]).toMatchObject({ ifindex });
});

test("two interfaces are exchanged, and a new resource moves an interface from the name of a former resource", async () => {
  await plug();
  await ip("link add name enp4s0 address 02:00:00:00:00:98 mtu 1440 type veth peer name other4");
  const before = await picture();
  const pair = (on: Pick<typeof lab, "resource">) => [on.resource("Nic", "one"), on.resource("Nic", "two")] as const;
  const [former, formerTwo] = pair(lab);
  const at = (name: string, from: string) => ({ name, namespace: "red", from, mtu: 1300 });
  await former.up(at("wan", "enp3s0"));
  await formerTwo.up(at("wan2", "enp4s0"));
  const [one, two] = pair(lab.nextRun());
  one.resume(former);
  two.resume(formerTwo);
  expect(await one.up(at("wan", "enp4s0"))).toBe("replace");
  expect(await two.up(at("wan2", "enp3s0"))).toBe("replace");
  const found = (await lab.ip("-n", "red", "link", "show")).map(({ ifname, address }) => [ifname, address]);
  expect(found).toEqual(
    expect.arrayContaining([
      ["wan", "02:00:00:00:00:98"],
      ["wan2", HARDWARE.mac],
    ]),
  );
  for (const nic of [one, two]) expect(await nic.refresh()).toEqual([]);
  const renamed = lab.nextRun().resource("Nic", "three");
  await renamed.up(at("wan3", "enp3s0"));
  await two.destroy();
  expect(await renamed.refresh()).toEqual([]);
  await renamed.destroy();
  await one.destroy();
  expect(await picture()).toBe(before);
});

test("a delete of the namespace moves an interface back first", async () => {
  const namespace = lab.resource("Namespace", "blue");
  await namespace.up({ name: "blue" });
  await plug();
  const before = await picture();
  const nic = lab.resource("Nic", "uplink");
  await nic.up({ ...ARGS, namespace: "blue", mtu: 1300 });
  await namespace.destroy();
  expect(await picture()).toBe(before);
  await nic.destroy();
  expect(await picture()).toBe(before);
});

test("an interface that is moved back loses the altname of the program, which another link of the lab host may have", async () => {
  await plug();
  const before = await picture();
  const [nic, bridge] = [lab.resource("Nic", "uplink"), lab.resource("Bridge", "lan")];
  await nic.up({ ...ARGS, altname: "uplink-of-the-router" });
  await bridge.up({ name: "br0", altname: "uplink-of-the-router" });
  await nic.destroy();
  expect(await bridge.refresh()).toEqual([]);
  await bridge.destroy();
  expect(await picture()).toBe(before);
});

test("an interface with the default route is moved again after its namespace was deleted by hand", async () => {
  await plug();
  for (const line of [
    "address add 198.51.100.2/24 dev enp3s0",
    "route add default via 198.51.100.1 dev enp3s0 metric 7",
  ])
    await ip(line);
  const [before, routes] = [await picture(), await lab.run("ip", "route")];
  const nic = lab.resource("Nic", "uplink");
  await nic.up({ ...ARGS, takeInUse: true });
  // The kernel moves hardware like this.
  await lab.run("sh", "-c", "ip -n red link set dev wan down netns $$");
  expect(await onHost("wan")).toMatchObject({ flags: expect.not.arrayContaining(["UP"]) });
  await nic.refresh();
  await nic.up({ ...ARGS, takeInUse: true });
  expect(await inRed()).toMatchObject({ address: HARDWARE.mac });
  await nic.destroy();
  expect([await picture(), await lab.run("ip", "route")]).toEqual([before, routes]);
});

test("concurrent resources that exchange interfaces have those of the program", async () => {
  await plug();
  await ip("link add name enp4s0 address 02:00:00:00:00:98 mtu 1440 up type veth peer name other4");
  const before = await picture();
  const at = (name: string, from: string) => ({ name, namespace: "red", from });
  for (let round = 0; round < 5; round += 1) {
    const first = lab.nextRun().resource("Nic", "one");
    await first.up(at("wan", "enp3s0"));
    const next = lab.nextRun();
    const [other, taker] = [next.resource("Nic", "two"), next.resource("Nic", "three")];
    await Promise.all([taker.up(at("wan2", "enp3s0")), other.up(at("wan", "enp4s0"))]);
    for (const nic of [other, taker]) expect(await nic.refresh()).toEqual([]);
    const found = (await lab.ip("-n", "red", "link", "show")).map(({ ifname, address }) => [ifname, address]);
    expect(found).toEqual(expect.arrayContaining([["wan2", HARDWARE.mac]]));
    await Promise.all([other.destroy(), taker.destroy()]);
    expect(await picture()).toBe(before);
  }
});
