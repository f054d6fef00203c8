import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

const show = async (name = "v-net-0") => (await lab.ip("-details", "link", "show", "dev", name))[0];

test("a bridge is created up with its mark, and deleted", async () => {
  const lan = lab.resource("Bridge", "lan");
  expect(await lan.up({ name: "v-net-0" })).toBe("create");
  const made = await show();
  expect(made).toMatchObject({ linkinfo: { info_kind: "bridge", info_data: { stp_state: 0, vlan_filtering: 0 } } });
  expect(made.flags).toContain("UP");
  expect(made.address).toBe(lan.outputs["mac"]);
  expect(made.ifalias).toMatch(/^pulumi-netns:test\/dev:lan@/);

  expect(await lan.up({ name: "v-net-0" })).toBe("same");
  expect(await lan.refresh()).toEqual([]);
  await lan.destroy();
  await lan.destroy();
  await expectNothingLeft();
});

test("mtu, mac, stp and up change in place", async () => {
  const lan = lab.resource("Bridge", "lan");
  await lan.up({ name: "v-net-0" });
  const { ifindex } = await show();
  const args = { name: "v-net-0", mtu: 9000, mac: "02:00:00:00:00:01", stp: true, up: false };
  expect(await lan.up(args)).toBe("update");
  const changed = await show();
  expect(changed).toMatchObject({
    ifindex,
    mtu: 9000,
    address: "02:00:00:00:00:01",
    linkinfo: { info_data: { stp_state: 1 } },
  });
  expect(changed.flags).not.toContain("UP");
  expect(await lan.up(args)).toBe("same");
  expect(await lan.refresh()).toEqual([]);
  expect(await lan.up({ name: "v-net-1" })).toBe("replace");
  expect((await lab.ip("link", "show")).map((link) => link.ifname)).toEqual(["lo", "v-net-1"]);
});

test.each([
  ["mtu", { mtu: 1400 }, ["mtu", "1300"], ["mtu"]],
  ["mac", {}, ["address", "02:00:00:00:00:99"], ["mac"]],
  ["up", {}, ["down"], ["up"]],
  ["stp", {}, ["type", "bridge", "stp_state", "1"], ["stp"]],
  ["groupFwdMask", {}, ["type", "bridge", "group_fwd_mask", "0x4000"], ["groupFwdMask"]],
])("drift of %s is reported and repaired", async (_what, args, change, properties) => {
  const lan = lab.resource("Bridge", "lan");
  const wanted = { name: "v-net-0", ...args };
  await lan.up(wanted);
  const look = () => lab.run("ip", "-details", "-oneline", "link", "show", "dev", "v-net-0");
  const { mtu, address, flags } = await show();
  await lab.run("ip", "link", "set", "dev", "v-net-0", ...change);
  expect(await lan.refresh()).toEqual(properties);
  expect(await lan.up(wanted)).toBe("update");
  expect(await lan.refresh()).toEqual([]);
  expect(await show()).toMatchObject({ mtu, address, flags });
  expect(await look()).toMatch(/stp_state 0/);
});

test("the MTU of a bridge follows its ports only if it is not given", async () => {
  const [free, fixed] = [lab.resource("Bridge", "free"), lab.resource("Bridge", "fixed")];
  await free.up({ name: "br-free" });
  await fixed.up({ name: "br-fixed", mtu: 1500 });
  for (const bridge of ["br-free", "br-fixed"]) {
    await lab.run(
      "ip",
      "link",
      "add",
      "name",
      `${bridge}-p`,
      "mtu",
      "1400",
      "master",
      bridge,
      "type",
      "veth",
      "peer",
      "name",
      `${bridge}-q`,
    );
  }
  expect((await show("br-free")).mtu).toBe(1400);
  expect((await show("br-fixed")).mtu).toBe(1500);
  expect(await free.refresh()).toEqual([]);
  expect(await fixed.refresh()).toEqual([]);
});

test("a bridge may be in a namespace", async () => {
  await lab.run("ip", "netns", "add", "red");
  const lan = lab.resource("Bridge", "lan");
  await lan.up({ name: "br0", namespace: "red" });
  expect(lan.id).toBe("red/br0");
  expect(await lab.ip("-n", "red", "link", "show", "type", "bridge")).toHaveLength(1);
  expect(await lan.refresh()).toEqual([]);
  await lab.run("ip", "netns", "delete", "red");
  expect(await lan.refresh()).toBe("gone");
});

test("a link of another kind with the bridge's name is refused, and remains", async () => {
  const lan = lab.resource("Bridge", "lan");
  await lan.up({ name: "v-net-0" });
  await lab.run("ip", "link", "delete", "dev", "v-net-0");
  await lab.run("ip", "link", "add", "name", "v-net-0", "type", "veth", "peer", "name", "other");
  expect(await lan.refresh()).toBe("gone");
  await expect(lan.up({ name: "v-net-0" })).rejects.toThrow(/is not managed by pulumi-netns/);
  expect((await show()).linkinfo.info_kind).toBe("veth");
});

test("create reports an option that the kernel does not support, and leaves nothing", async () => {
  const lan = lab.resource("Bridge", "lan");
  const can = await lab.try("ip", "link", "add", "name", "probe", "type", "bridge", "vlan_filtering", "1");
  const made = lan.up({ name: "v-net-0", vlanFiltering: true });
  if (can.code === 0) {
    await made;
    expect((await show()).linkinfo.info_data.vlan_filtering).toBe(1);
  } else {
    await expect(made).rejects.toThrow(
      /vlan_filtering 1\n {2}failed: .*not supported\n {2}help: this kernel has no VLAN filtering of bridges .* Remove vlanFiltering/,
    );
    await expectNothingLeft();
  }
});

//   red ─ left ═ br0 ═ right ─ blue
test("with groupFwdMask, a bridge forwards frames to the group address of LLDP, and with 0 it drops them", async () => {
  for (const name of ["red", "blue"]) await lab.run("ip", "netns", "add", name);
  const lan = lab.resource("Bridge", "lan");
  await lan.up({ name: "br0", groupFwdMask: 0x40_00 });
  expect(await show("br0")).toMatchObject({ linkinfo: { info_data: { group_fwd_mask: "0x4000" } } });
  for (const [namespace, port] of [
    ["red", "left"],
    ["blue", "right"],
  ] as const)
    await lab.resource("Veth", port).up({ a: { name: "eth0", namespace }, b: { name: port, master: "br0" } });
  const arrives = async () => (await lab.run("python3", "-c", SEND_AND_RECEIVE)).trim();
  expect(await arrives()).toBe("True");
  expect(await lan.refresh()).toEqual([]);
  expect(await lan.up({ name: "br0" })).toBe("update");
  expect(await show("br0")).toMatchObject({ linkinfo: { info_data: { group_fwd_mask: "0" } } });
  expect(await arrives()).toBe("False");
});

/** Sends frames to the group address of LLDP from one namespace, and prints whether another one receives them. */
const SEND_AND_RECEIVE = `
import ctypes, os, socket
def inside(name):
    assert ctypes.CDLL(None).setns(os.open("/run/netns/" + name, os.O_RDONLY), 0) == 0
    one = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x88cc))
    one.bind(("eth0", 0x88cc))
    one.settimeout(0.3)
    return one
here, there = inside("red"), inside("blue")
arrived = False
for _ in range(3):
    here.send(bytes.fromhex("0180c200000e" + "020000000001" + "88cc") + bytes(46))
    try:
        there.recv(100)
        arrived = True
        break
    except TimeoutError:
        pass
print(arrived)
`;

test.each([
  [
    0x40_04,
    /^groupFwdMask: 16388 is not a mask of group addresses: it has the bits 0x4\. A bridge forwards no frames of STP/,
  ],
  [-1, /^groupFwdMask: -1 is not a mask of group addresses: it is less than 0/],
  ["lldp", /^groupFwdMask: "lldp" is not a mask of group addresses: a whole number from 0 to 65535/],
])("groupFwdMask %j is refused before anything is done", async (groupFwdMask, why) => {
  await expect(lab.resource("Bridge", "lan").up({ name: "br0", groupFwdMask })).rejects.toThrow(why);
  await expectNothingLeft();
});

test("a name that the kernel gives to a link of its own is refused before anything is done", async () => {
  const lan = lab.resource("Bridge", "lan").up({ name: "gre0" });
  await expect(lan).rejects.toThrow(/^name: "gre0" is not an interface name: the kernel creates a link with this name/);
  const wire = lab.resource("Veth", "wire").up({ a: { name: "x" }, b: { name: "tunl0" } });
  await expect(wire).rejects.toThrow(/^b\.name: "tunl0" is not an interface name/);
  await expectNothingLeft();
});
