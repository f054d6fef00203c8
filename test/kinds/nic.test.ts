import { expect, test } from "vitest";
import { findOwned } from "../../inspect/owned/find.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import { applyPlan } from "../../provider/plan.ts";
import { SOON } from "../../tools/sandbox.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { ARGS, addressesOf, HARDWARE, inRed, ip, onHost, picture, plug } from "../support/nic-stand-in.ts";

labForEachTest("red");

test("an interface is moved with new settings, updated, repaired after drift, and moved back with its former settings", async () => {
  await plug();
  const before = await onHost();
  const nic = lab.resource("Nic", "uplink");
  const args = { ...ARGS, mac: "02:00:00:00:00:01", mtu: 1400, altname: "uplink-of-red", addresses: ["10.0.0.2/24"] };
  expect(await nic.up({ ...args, gateways: ["10.0.0.1"] })).toBe("create");
  expect(await onHost()).toBeUndefined();
  const lent = await inRed();
  expect(lent).toMatchObject({ mtu: 1400, address: "02:00:00:00:00:01", ifalias: expect.stringContaining(":uplink@") });
  expect([lent.flags, addressesOf(lent)]).toEqual([expect.arrayContaining(["UP"]), ["10.0.0.2/24"]]);
  expect(await lab.ip("-n", "red", "route", "show", "default")).toMatchObject([{ gateway: "10.0.0.1", dev: "wan" }]);
  expect(await nic.up({ ...args, gateways: ["10.0.0.1"] })).toBe("same");
  expect(await nic.refresh()).toEqual([]);

  const changed = { ...args, mtu: 1300, addresses: ["10.0.0.3/24"] };
  expect(await nic.up(changed)).toBe("update");
  expect([await inRed(), addressesOf(await inRed())]).toEqual([
    expect.objectContaining({ ifindex: lent.ifindex, mtu: 1300 }),
    ["10.0.0.3/24"],
  ]);
  await ip("-n red link set dev wan down mtu 1290");
  expect(await nic.refresh()).toEqual(expect.arrayContaining(["up", "mtu"]));
  expect(await nic.up(changed)).toBe("update");
  expect(await nic.refresh()).toEqual([]);
  // A change of the name in the namespace replaces the resource.
  expect(await nic.up({ ...changed, namespace: "red", name: "wan0" })).toBe("replace");
  expect(await nic.up(changed)).toBe("replace");

  await nic.destroy();
  expect(await inRed()).toBeUndefined();
  const { ifalias, altnames, ...after } = (await onHost()) ?? {};
  expect([ifalias, altnames]).toEqual([undefined, undefined]);
  expect(after).toMatchObject({ mtu: 1450, address: HARDWARE.mac, flags: before.flags });
  await nic.destroy();
});

test("an interface in use is an error without takeInUse; a delete restores its alias, addresses and default routes", async () => {
  await plug();
  await lab.run("ip", "link", "set", "dev", HARDWARE.name, "alias", "to the ISP, port 7");
  for (const line of ["10.0.0.9/24 dev enp3s0", "fd00::9/64 dev enp3s0 nodad"]) await ip(`address add ${line}`);
  const nic = lab.resource("Nic", "uplink");
  await expect(nic.up(ARGS)).rejects.toThrow(/enp3s0 cannot be moved .*: it has the addresses 10.0.0.9, fd00::9 of/);
  await ip("route add default via 10.0.0.1 dev enp3s0 metric 7");
  await ip("-6 route add default via fd00::1 dev enp3s0");
  await expect(nic.up(ARGS)).rejects.toThrow(/it has the default route of the lab host\n +help: take another/);
  expect(addressesOf(await onHost())).toEqual(["10.0.0.9/24", "fd00::9/64"]);

  expect(await nic.up({ ...ARGS, takeInUse: true })).toBe("create");
  expect(addressesOf(await inRed())).toEqual([]);
  expect(await nic.refresh()).toEqual([]);
  await nic.destroy();
  const back = await onHost();
  expect(back).toMatchObject({ ifalias: "to the ISP, port 7" });
  expect(addressesOf(back).toSorted()).toEqual(["10.0.0.9/24", "fd00::9/64"]);
  expect(await lab.ip("route", "show", "default")).toMatchObject([{ gateway: "10.0.0.1", metric: 7 }]);
  expect(await lab.ip("-6", "route", "show", "default")).toMatchObject([{ gateway: "fd00::1" }]);
});

test("if the kernel rejects the settings in the namespace, a rollback moves the interface back, with its addresses", async () => {
  await plug();
  for (const line of ["10.0.0.9/24 dev enp3s0", "fd00::9/64 dev enp3s0 nodad"]) await ip(`address add ${line}`);
  await ip("route add default via 10.0.0.1 dev enp3s0");
  await ip("-n red link add name taken type bridge");
  const before = await picture();
  const args = { ...ARGS, mac: "02:00:00:00:00:01", mtu: 1300, takeInUse: true, altname: "taken" };
  await expect(lab.resource("Nic", "uplink").up(args)).rejects.toThrow(/File exists/);
  expect(await picture()).toBe(before);
  expect(await lab.ip("route", "show", "default")).toMatchObject([{ gateway: "10.0.0.1" }]);
});

test("a port of a bridge is refused because it is in use", async () => {
  await plug();
  await ip("link add name br0 type bridge");
  await ip("link set dev enp3s0 master br0");
  await expect(lab.resource("Nic", "uplink").up(ARGS)).rejects.toThrow(/it belongs to br0/);
});

test("an interface that was moved back by hand is moved again, and one that does not exist is an error", async () => {
  await plug();
  const nic = lab.resource("Nic", "uplink");
  await nic.up({ ...ARGS, mtu: 1300 });
  // The kernel moves hardware like this when its namespace is deleted: it keeps the name, the alias and the settings of the namespace.
  await ip(`-n red link set dev wan down netns ${lab.pid}`);
  expect(await onHost("wan")).toMatchObject({ mtu: 1300, ifalias: expect.stringContaining("uplink") });
  expect(await nic.refresh()).toBe("gone");
  expect(await nic.up({ ...ARGS, mtu: 1300 })).toBe("create");
  expect(await inRed()).toMatchObject({ mtu: 1300 });
  await ip(`-n red link set dev wan down netns ${lab.pid}`);
  await nic.destroy();
  expect(await onHost()).toMatchObject({ mtu: 1450, address: HARDWARE.mac });
  expect(await onHost("wan")).toBeUndefined();
  expect((await onHost())?.ifalias).toBeUndefined();

  await ip("link delete dev enp3s0");
  await expect(lab.resource("Nic", "absent").up(ARGS)).rejects.toThrow(/enp3s0/);
});

test("the kernel deletes an interface without hardware with its namespace, and a delete then does nothing", async () => {
  await plug();
  const nic = lab.resource("Nic", "uplink");
  await nic.up(ARGS);
  await ip("netns delete red");
  await expect.poll(() => onHost("other"), SOON).toBeUndefined();
  await nic.destroy();
  expect((await lab.ip("link", "show")).map(({ ifname }) => ifname)).toEqual(["lo"]);
});

test("a foreign link is not overwritten, and two resources cannot move one interface", async () => {
  await plug();
  await ip("-n red link add name wan type bridge");
  await expect(lab.resource("Nic", "uplink", "prod").up(ARGS)).rejects.toThrow(/wan/);
  expect(await onHost()).toBeDefined();
  const run = lab.nextRun();
  await run.resource("Nic", "one").up({ ...ARGS, name: "one" });
  await expect(run.resource("Nic", "two").up({ ...ARGS, name: "two" })).rejects.toThrow(
    /^from: Nic one and Nic two declare the same interface enp3s0\n {2}help: /,
  );
  const bridge = run.resource("Bridge", "lan");
  await expect(bridge.up({ name: "enp3s0" })).rejects.toThrow(/Nic one and Bridge lan .* interface enp3s0/);
  const other = lab.resource("Nic", "other", "prod");
  await expect(other.up({ ...ARGS, from: "enp3s0", name: "two" })).rejects.toThrow(/enp3s0/);
});

test("the next run completes a run that was killed after any command, and a delete restores the interface", async () => {
  await plug();
  const before = await picture();
  const args = { ...ARGS, mac: "02:00:00:00:00:01", addresses: ["10.0.0.2/24"] };
  for (let commands = 0, died = true; died; commands += 1) {
    expect(commands).toBeLessThan(20);
    const dying = lab.nextRun(commands).resource("Nic", "uplink");
    died = await dying.up(args).then(
      () => false,
      () => true,
    );
    const nic = lab.nextRun().resource("Nic", "uplink");
    await nic.up(args);
    expect(await nic.refresh()).toEqual([]);
    const leaving = lab.nextRun(commands).resource("Nic", "uplink");
    leaving.resume(nic);
    const diedAgain = await leaving.destroy().then(
      () => false,
      () => true,
    );
    const last = lab.nextRun().resource("Nic", "uplink");
    last.resume(nic);
    await last.destroy();
    expect([commands, await picture()]).toEqual([commands, before]);
    died ||= diedAgain;
  }
});

test("clean moves an interface back", async () => {
  await plug();
  const before = await picture();
  await lab.resource("Nic", "uplink").up({ ...ARGS, mtu: 1300 });
  const kernel = linux(lab.enter, lab.root);
  const { marked } = await findOwned({ project: "test", stack: "dev" }, kernel);
  expect(marked.map(({ name }) => name)).toEqual(["wan"]);
  for (const { removal } of marked) await applyPlan(kernel, removal);
  expect(await picture()).toBe(before);
});
