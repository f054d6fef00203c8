// @kernel vlan
import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce } from "../support/ping.ts";

labForEachTest("red", "blue");

const show = async (namespace = "red") => (await lab.ip("-n", namespace, "-details", "link", "show", "dev", "v10"))[0];
const wire = () =>
  lab.resource("Veth", "wire").up({ a: { name: "eth0", namespace: "red" }, b: { name: "eth0", namespace: "blue" } });
const tagged = (more: object = {}) => ({
  name: "v10",
  namespace: "red",
  link: "eth0",
  linkNamespace: "red",
  vid: 10,
  ...more,
});

//   red ─ v10 10.0.10.1 ─ eth0 ══ eth0 ─ v10 10.0.10.2 ─ lab host
test("a VLAN reaches one in another namespace than its parent, is updated in place, repaired after drift, and deleted", async () => {
  await wire();
  const [left, right] = [lab.resource("Vlan", "left"), lab.resource("Vlan", "right")];
  const args = tagged({ addresses: ["10.0.10.1/24"] });
  expect(await left.up(args)).toBe("create");
  await lab.run("ip", "netns", "add", "green");
  await right.up(tagged({ namespace: "green", linkNamespace: "blue", addresses: ["10.0.10.2/24"] }));
  const created = await show();
  expect(created).toMatchObject({
    ...{ group: "default", ifalias: expect.stringMatching(/^pulumi-netns:test\/dev:left@/) },
    linkinfo: { info_kind: "vlan", info_data: { protocol: "802.1Q", id: 10, flags: ["REORDER_HDR"] } },
  });
  await pingOnce(lab, "red", "10.0.10.2", "-W3");
  expect(await left.up(args)).toBe("same");
  expect([await left.refresh(), await right.refresh()]).toEqual([[], []]);

  const changed = {
    ...args,
    ...{ mtu: 1400, mac: "02:00:00:00:00:01", reorderHdr: false, gvrp: true, looseBinding: true },
    ...{ ingressQosMap: { 1: 2, 3: 4 }, egressQosMap: { 0: 3 } },
  };
  expect(await left.up(changed)).toBe("update");
  expect(await show()).toMatchObject({
    ...{ ifindex: created.ifindex, mtu: 1400, address: "02:00:00:00:00:01" },
    linkinfo: {
      info_data: {
        flags: ["GVRP", "LOOSE_BINDING"],
        ingress_qos: [
          { from: 1, to: 2 },
          { from: 3, to: 4 },
        ],
        egress_qos: [{ from: 0, to: 3 }],
      },
    },
  });
  expect(await left.refresh()).toEqual([]);
  expect(await left.up({ ...changed, ingressQosMap: { 3: 5 }, egressQosMap: {} })).toBe("update");
  expect((await show()).linkinfo.info_data).toMatchObject({ ingress_qos: [{ from: 3, to: 5 }] });
  expect(await left.refresh()).toEqual([]);
  await lab.run("ip", "-n", "red", ..."link set dev v10 type vlan gvrp off mvrp on ingress-qos-map 6:1".split(" "));
  expect(await left.refresh()).toEqual(["gvrp", "mvrp", "ingressQosMap"]);
  expect(await left.up(changed)).toBe("update");
  expect(await left.refresh()).toEqual([]);

  await left.destroy();
  await left.destroy();
  await right.destroy();
  await lab.run("ip", "netns", "delete", "green");
  await lab.run("ip", "-n", "red", "link", "delete", "dev", "eth0");
  await expectNothingLeft();
});

test("a VLAN is replaced if its ID or protocol changes, is refused if another link has it, and is deleted with its parent", async () => {
  await wire();
  const it = lab.resource("Vlan", "it");
  await it.up(tagged());
  expect(await it.up(tagged({ vid: 11 }))).toBe("replace");
  expect(await it.up(tagged({ vid: 11, protocol: "802.1ad" }))).toBe("replace");
  expect((await show()).linkinfo.info_data).toMatchObject({ protocol: "802.1ad", id: 11 });
  expect(await it.refresh()).toEqual([]);
  await expect(lab.resource("Vlan", "other").up(tagged({ name: "v11", vid: 11, protocol: "802.1ad" }))).rejects.toThrow(
    "Vlan it and Vlan other declare the same VLAN 11 of red/eth0 with the protocol 802.1ad",
  );
  // A VLAN on a VLAN.
  const inner = lab.resource("Vlan", "inner");
  await inner.up(tagged({ name: "v11.20", link: "v10", vid: 20, addresses: ["10.0.20.1/24"] }));
  expect(await inner.refresh()).toEqual([]);
  await lab.run("ip", "-n", "red", "link", "set", "dev", "eth0", "down");
  await lab.run("ip", "-n", "red", "link", "delete", "dev", "eth0");
  expect([await it.refresh(), await inner.refresh()]).toEqual(["gone", "gone"]);
});

test("invalid VLANs are refused by the check, or with the error of the kernel and advice", async () => {
  await wire();
  const it = () => lab.nextRun().resource("Vlan", "it");
  await expect(it().up(tagged({ vid: 4095 }))).rejects.toThrow(/^vid: 4095 is not a VLAN ID: /);
  await expect(it().up(tagged({ ingressQosMap: { 8: 1 } }))).rejects.toThrow(/^ingressQosMap: .* is not a mapping/);
  await lab.run("ip", "-n", "red", ..."link add name other link eth0 type vlan id 10".split(" "));
  await expect(it().up(tagged())).rejects.toThrow(/VLAN device already exists[^]*help: .*another link of this VLAN/);
  await expect(it().up(tagged({ link: "lo" }))).rejects.toThrow(/^link: "lo" is not an interface name: .*loopback/);
  await lab.run("ip", "-n", "red", ..."tuntap add dev tun0 mode tun".split(" "));
  await lab.run("ip", "-n", "red", "link", "set", "dev", "tun0", "up");
  await expect(it().up(tagged({ link: "tun0", vid: 12 }))).rejects.toThrow(
    /VLANs not supported on device[^]*help: .*cannot be the parent of a Vlan/,
  );
  await lab.run("ip", "-n", "red", "link", "delete", "dev", "tun0");
  await lab.run("ip", "-n", "red", "link", "set", "dev", "eth0", "down");
  await expect(it().up(tagged({ vid: 12 }))).rejects.toThrow(/Network is down[^]*help: .*parent/);
  expect((await lab.ip("-n", "red", "link", "show")).map(({ ifname }) => ifname)).toEqual(["lo", "eth0", "other"]);
});
