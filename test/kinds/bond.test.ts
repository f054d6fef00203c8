// @kernel bond
import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red", "blue");

const show = async (name: string) => (await lab.ip("-n", "red", "-details", "link", "show", "dev", name))[0];
const pings = async () =>
  (await lab.try("ip", "netns", "exec", "red", "ping", "-c2", "-i0.3", "-W2", "10.0.0.1")).code === 0;
const cable = (number: number) => ({
  a: { name: `eth${number}`, namespace: "red", master: "bond0" },
  b: { name: `port${number}`, namespace: "blue", master: "lan" },
});

//   red ─ bond0 10.0.0.2 ─┬ eth1 ══ port1 ┬─ lan 10.0.0.1 ─ blue
//                         └ eth2 ══ port2 ┘
test("a bond is created with two members, carries packets after one fails, is updated, repaired after drift, and deleted", async () => {
  await lab.resource("Bridge", "lan").up({ name: "lan", namespace: "blue", addresses: ["10.0.0.1/24"] });
  const bond = lab.resource("Bond", "bond");
  const args = { name: "bond0", namespace: "red", mode: "active-backup", addresses: ["10.0.0.2/24"] };
  expect(await bond.up(args)).toBe("create");
  const created = await show("bond0");
  expect(created).toMatchObject({ linkinfo: { info_kind: "bond", info_data: { mode: "active-backup", miimon: 100 } } });
  const cables = [lab.resource("Veth", "cable1"), lab.resource("Veth", "cable2")];
  for (const [index, one] of cables.entries()) await one.up(cable(index + 1));
  for (const name of ["eth1", "eth2"]) {
    expect(await show(name)).toMatchObject({ master: "bond0", address: created.address, group: "default" });
    expect((await show(name)).flags).toContain("UP");
  }
  expect(await pings()).toBe(true);
  for (const [index, one] of cables.entries()) {
    expect(await one.up(cable(index + 1))).toBe("same");
    expect(await one.refresh()).toEqual([]);
  }
  expect(await bond.up(args)).toBe("same");
  expect(await bond.refresh()).toEqual([]);

  await lab.run("ip", "-n", "blue", "link", "set", "dev", "port1", "down");
  await expect.poll(pings, { timeout: 60_000 }).toBe(true);

  const changed = { ...args, miimon: 200, updelay: 400, minLinks: 1, primary: "eth2", mtu: 1400 };
  expect(await bond.up(changed)).toBe("update");
  expect(await show("bond0")).toMatchObject({
    ifindex: created.ifindex,
    mtu: 1400,
    linkinfo: { info_data: { miimon: 200, updelay: 400, min_links: 1, primary: "eth2" } },
  });
  expect(await bond.refresh()).toEqual([]);
  await lab.run("ip", "-n", "red", ..."link set dev bond0 type bond miimon 50".split(" "));
  expect(await bond.refresh()).toEqual(["miimon", "updelay"]);
  expect(await bond.up(changed)).toBe("update");
  await bond.destroy();
  await bond.destroy();
});

test("a veth end joins a bond, leaves it and gets its addresses back, and drift of its membership is repaired", async () => {
  await lab.resource("Bond", "bond").up({ name: "bond0", namespace: "red", mode: "802.3ad", lacpRate: "fast" });
  const cable = lab.resource("Veth", "cable");
  const end = (args: object) => ({
    a: { name: "eth1", namespace: "red", ...args },
    b: { name: "port1", namespace: "blue" },
  });
  const own = { addresses: ["10.0.0.2/24", "fd00::2/64"] };
  await cable.up(end(own));
  const { ifindex, address } = await show("eth1");
  expect(await cable.up(end({ master: "bond0" }))).toBe("update");
  expect(await show("eth1")).toMatchObject({ ifindex, master: "bond0" });
  expect(await cable.refresh()).toEqual([]);

  await lab.run("ip", "-n", "red", "link", "set", "dev", "eth1", "nomaster");
  expect(await cable.refresh()).toEqual(["a.up", "a.master"]);
  expect(await cable.up(end({ master: "bond0" }))).toBe("update");
  expect(await show("eth1")).toMatchObject({ master: "bond0" });
  expect(await cable.refresh()).toEqual([]);

  await lab.run("ip", "-n", "red", "link", "set", "dev", "eth1", "down");
  expect(await cable.refresh()).toEqual(["a.up"]);
  expect(await cable.up(end({ master: "bond0" }))).toBe("update");
  expect((await show("eth1")).flags).toContain("UP");
  expect(await cable.refresh()).toEqual([]);
  // The bond sets its members up, whatever the program says.
  expect(await cable.up(end({ master: "bond0", up: false }))).toBe("update");
  await lab.run("ip", "-n", "red", "link", "set", "dev", "eth1", "up");
  expect(await cable.refresh()).toEqual([]);
  expect(await cable.up(end({ master: "bond0" }))).toBe("update");

  expect(await cable.up(end(own))).toBe("update");
  expect(await cable.refresh()).toEqual([]);
  expect(await show("eth1")).toMatchObject({ ifindex, address });
  expect((await show("eth1")).flags).toContain("UP");
  expect(
    (await lab.ip("-n", "red", "address", "show", "dev", "eth1"))[0].addr_info.map(({ local }: any) => local),
  ).toEqual(expect.arrayContaining(["10.0.0.2", "fd00::2"]));
  await cable.destroy();
  await lab.resource("Bond", "bond").destroy();
});

//   red ─ bond0 10.0.0.2 ─┬ eth1 ══ port1 ┬─ lan 10.0.0.1 ─ blue
//                         └ eth2 ══ port2 ┘
test("a bond with ARP monitoring detects a failure behind the other end of a cable", async () => {
  await lab.resource("Bridge", "lan").up({ name: "lan", namespace: "blue", addresses: ["10.0.0.1/24"] });
  const bond = lab.resource("Bond", "bond");
  const both = { name: "bond0", namespace: "red", mode: "active-backup", addresses: ["10.0.0.2/24"] };
  const args = { ...both, arpInterval: 200, arpIpTarget: ["10.0.0.1"], arpValidate: "active" };
  expect(await bond.up(args)).toBe("create");
  expect(await show("bond0")).toMatchObject({
    linkinfo: { info_data: { miimon: 0, arp_interval: 200, arp_ip_target: ["10.0.0.1"], arp_validate: "active" } },
  });
  const cables = [lab.resource("Veth", "cable1"), lab.resource("Veth", "cable2")];
  for (const [index, one] of cables.entries()) await one.up(cable(index + 1));
  await expect.poll(pings, { timeout: 60_000 }).toBe(true);
  expect(await bond.refresh()).toEqual([]);
  const { linkinfo, ifindex } = await show("bond0");
  const active: string = linkinfo.info_data.active_slave;
  // Otherwise a port outside of the bridge would answer ARP requests for the bridge. The cable keeps its carrier.
  await lab.run("ip", "netns", "exec", "blue", "sysctl", "-w", "net.ipv4.conf.all.arp_ignore=1");
  await lab.run("ip", "-n", "blue", "link", "set", "dev", active.replace("eth", "port"), "nomaster");
  await expect
    .poll(async () => (await show("bond0")).linkinfo.info_data.active_slave, { timeout: 60_000 })
    .not.toBe(active);
  expect(await pings()).toBe(true);

  const other = {
    ...args,
    arpInterval: 300,
    arpIpTarget: ["10.0.0.9", "10.0.0.1"],
    arpValidate: "none",
    primaryReselect: "better",
  };
  expect(await bond.up(other)).toBe("update");
  expect(await show("bond0")).toMatchObject({
    linkinfo: { info_data: { arp_interval: 300, arp_ip_target: ["10.0.0.9", "10.0.0.1"], primary_reselect: "better" } },
  });
  expect(await bond.refresh()).toEqual([]);
  await lab.run("ip", "-n", "red", ..."link set dev bond0 type bond miimon 50".split(" "));
  expect(await bond.refresh()).toEqual(expect.arrayContaining(["miimon", "arpInterval", "arpIpTarget"]));
  expect(await bond.up(other)).toBe("update");
  expect(await bond.refresh()).toEqual([]);
  expect(await bond.up({ ...both, updelay: 200 })).toBe("update");
  expect(await show("bond0")).toMatchObject({
    ifindex,
    linkinfo: { info_data: { miimon: 100, arp_interval: 0, updelay: 200 } },
  });
  expect(await bond.refresh()).toEqual([]);
  expect(await bond.up(other)).toBe("update");
  expect(await bond.refresh()).toEqual([]);
  await bond.destroy();
});

//   red ─ bond0 10.0.0.1 ─┬ eth1 ══ r1 ─ lan1 ─ g1 ══ eth1 ┬─ bond0 10.0.0.2 ─ lab host
//                         └ eth2 ══ r2 ─ lan2 ─ g2 ══ eth2 ┘
test("two bonds negotiate LACP across bridges only if their ports forward its frames", async () => {
  const ends = ["red", undefined].map((namespace, index) => ({
    bond: lab.resource("Bond", `bond${index}`),
    args: { name: "bond0", namespace, mode: "802.3ad", lacpRate: "fast", addresses: [`10.0.0.${index + 1}/24`] },
    cables: [1, 2].map((number) => ({
      veth: lab.resource("Veth", `cable${index}${number}`),
      args: (groupFwdMask: number) => ({
        a: { name: `eth${number}`, namespace, master: "bond0" },
        b: { name: `${index}-${number}`, namespace: "blue", master: `lan${number}`, port: { groupFwdMask } },
      }),
    })),
  }));
  for (const name of ["lan1", "lan2"]) await lab.resource("Bridge", name).up({ name, namespace: "blue" });
  for (const { bond, args, cables } of ends) {
    await bond.up(args);
    for (const { veth, args: cable } of cables) await veth.up(cable(0));
  }
  const partner = async () => {
    const { address, linkinfo } = (await lab.ip("-details", "link", "show", "dev", "bond0"))[0];
    return { address, ...linkinfo.info_data.ad_info };
  };
  // With the fast rate, a bond sends its frames each second.
  await new Promise((resolve) => void setTimeout(resolve, 3000));
  expect(await partner()).toMatchObject({ partner_mac: "00:00:00:00:00:00", num_ports: 1 });

  for (const { cables } of ends)
    for (const { veth, args: cable } of cables) expect(await veth.up(cable(4))).toBe("update");
  const { address } = await show("bond0");
  await expect.poll(partner, { timeout: 60_000 }).toMatchObject({ partner_mac: address, num_ports: 2 });
  await expect.poll(async () => (await lab.try("ping", "-c1", "-W2", "10.0.0.1")).code, { timeout: 30_000 }).toBe(0);
  for (const { bond, cables } of ends) {
    for (const { veth } of cables) {
      expect(await veth.refresh()).toEqual([]);
      await veth.destroy();
    }
    await bond.destroy();
  }
});

test("a bond is created with the options of LACP", async () => {
  const bond = lab.resource("Bond", "bond");
  const args = { name: "bond0", namespace: "red", mode: "802.3ad" };
  await bond.up(args);
  expect(await bond.refresh()).toEqual([]);
  expect(await bond.up({ ...args, lacpActive: false, adSelect: "bandwidth", lacpRate: "fast" })).toBe("replace");
  expect(await show("bond0")).toMatchObject({
    linkinfo: { info_data: { ad_lacp_active: "off", ad_select: "bandwidth", ad_lacp_rate: "fast" } },
  });
  expect(await bond.refresh()).toEqual([]);
  await bond.destroy();
  await expectNothingLeft();
});

test.each([
  [{ mode: "active-backup", lacpRate: "fast" }, /^lacpRate: a bond of mode "active-backup" has no LACP/],
  [{ mode: "802.3ad", primary: "eth1" }, /^primary: a bond of mode "802.3ad" has no primary member/],
  [{ mode: "active-backup", updelay: 150 }, /^updelay: 150 is not a multiple of miimon, 100/],
])("%j is refused before anything is done", async (args, why) => {
  await expect(lab.resource("Bond", "bond").up({ name: "bond0", ...args })).rejects.toThrow(why);
  await expectNothingLeft();
});

test("with failOverMac, the MAC address of the bond or of its active member changes on a failure, which is no drift", async () => {
  await lab.resource("Bridge", "lan").up({ name: "lan", namespace: "blue" });
  const bond = lab.resource("Bond", "bond");
  const args = { name: "bond0", namespace: "red", mode: "active-backup", failOverMac: "active" };
  await bond.up(args);
  const cables = [lab.resource("Veth", "cable1"), lab.resource("Veth", "cable2")];
  for (const [index, one] of cables.entries()) await one.up(cable(index + 1));
  const addressOf = async (name: string) => (await show(name)).address;
  const active = async () => (await show("bond0")).linkinfo.info_data.active_slave;
  const drift = async () => Promise.all([bond, ...cables].map((one) => one.refresh()));
  expect(await show("bond0")).toMatchObject({ linkinfo: { info_data: { fail_over_mac: "active" } } });
  await expect.poll(active, { timeout: 60_000 }).toBe("eth1");
  expect(await addressOf("bond0")).toBe(await addressOf("eth1"));
  expect(await addressOf("eth1")).not.toBe(await addressOf("eth2"));
  expect(await drift()).toEqual([[], [], []]);
  await lab.run("ip", "-n", "blue", "link", "set", "dev", "port1", "down");
  await expect.poll(active, { timeout: 60_000 }).toBe("eth2");
  expect(await addressOf("bond0")).toBe(await addressOf("eth2"));
  expect(await drift()).toEqual([[], ["b.up"], []]);
  for (const one of cables) await one.destroy();

  await lab.run("ip", "-n", "red", ..."link set dev bond0 type bond fail_over_mac none".split(" "));
  expect(await bond.refresh()).toContain("failOverMac");
  expect(await bond.up({ ...args, failOverMac: "follow" })).toBe("replace");
  for (const [index, one] of cables.entries()) await one.up(cable(index + 1));
  await expect.poll(active, { timeout: 60_000 }).toBe("eth1");
  expect(await addressOf("bond0")).not.toBe(await addressOf("eth2"));
  expect(await drift()).toEqual([[], [], []]);
});
