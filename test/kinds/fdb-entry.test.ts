import { beforeEach, expect, test } from "vitest";
import { CheckError } from "../support/lab.ts";
import { lab, labForEachTest, wireRed } from "../support/lab-for-each.ts";

labForEachTest();
beforeEach(async () => {
  await wireRed();
  await lab.run("ip", "link", "add", "name", "br0", "type", "bridge");
  await lab.run("ip", "link", "set", "dev", "br0", "up");
  await lab.run("ip", "link", "set", "dev", "port", "master", "br0", "up");
});

const MAC = "02:00:00:00:00:09";
const args = (more: object = {}) => ({ interface: "port", lladdr: MAC, ...more });
const fdb = (...words: string[]) => lab.run("bridge", "fdb", ...words);
const shown = async (link = "port") =>
  (JSON.parse(await lab.run("bridge", "-json", "fdb", "show", "dev", link)) as { mac: string }[]).filter(
    ({ mac }) => mac === MAC,
  );

test("an entry of a bridge is created, updated in place, and deleted", async () => {
  const it = lab.resource("FdbEntry", "it");
  expect(await it.up(args())).toBe("create");
  expect(await shown()).toEqual([{ mac: MAC, flags: [], master: "br0", state: "static" }]);
  expect(await it.up(args())).toBe("same");
  expect(await it.refresh()).toEqual([]);
  expect(await it.up(args({ sticky: true }))).toBe("update");
  expect(await shown()).toMatchObject([{ flags: ["sticky"] }]);
  expect(await it.refresh()).toEqual([]);
  expect(await it.up(args())).toBe("update");
  expect(await shown()).toMatchObject([{ flags: [], state: "static" }]);
  await it.destroy();
  await it.destroy();
  expect(await shown()).toEqual([]);
});

test("an entry of a tunnel is created, updated in place, repaired after drift, and deleted", async () => {
  await lab.resource("Vxlan", "tunnel").up({ name: "vx0", vni: 42, namespace: "red" });
  const tunnel = (more: object) => args({ interface: "vx0", namespace: "red", ...more });
  const entries = async () =>
    (await lab.run("bridge", "-n", "red", "-json", "fdb", "show", "dev", "vx0").then(JSON.parse)) as object[];
  const it = lab.resource("FdbEntry", "it");
  expect(await it.up(tunnel({ dst: "10.0.0.2" }))).toBe("create");
  expect(await entries()).toEqual([{ mac: MAC, dst: "10.0.0.2", flags: ["self"], state: "permanent" }]);
  expect(await it.up(tunnel({ dst: "10.0.0.2" }))).toBe("same");
  const changed = tunnel({ dst: "10.0.0.3", port: 4790, vni: 7, via: "eth0" });
  expect(await it.up(changed)).toBe("update");
  expect(await entries()).toMatchObject([{ dst: "10.0.0.3", port: 4790, vni: 7, viaIf: "eth0" }]);
  expect(await it.refresh()).toEqual([]);
  // The kernel does not show a port or a VNI that equals that of the tunnel.
  const own = tunnel({ dst: "10.0.0.3", port: 4789, vni: 42 });
  expect(await it.up(own)).toBe("update");
  expect(await entries()).toEqual([{ mac: MAC, dst: "10.0.0.3", flags: ["self"], state: "permanent" }]);
  expect(await it.refresh()).toEqual([]);
  await lab.run("bridge", "-n", "red", "fdb", "replace", MAC, "dev", "vx0", "dst", "10.0.0.9", "self", "permanent");
  expect(await it.refresh()).toEqual(["dst"]);
  expect(await it.up(own)).toBe("update");
  await it.destroy();
  expect(await entries()).toEqual([]);
});

test("entries of an external tunnel each have an identifier, and several zero entries flood to several remote ends", async () => {
  await lab.resource("Vxlan", "tunnel").up({ name: "vx0", external: true, namespace: "red" });
  const bridge = (...words: string[]) => lab.run("bridge", "-n", "red", "fdb", ...words);
  const entries = async () =>
    JSON.parse(await lab.run("bridge", "-n", "red", "-json", "fdb", "show", "dev", "vx0"))
      .map(({ mac, dst, src_vni: from, vni = "" }: Record<string, string>) => `${mac} ${from} ${dst} ${vni}`.trim())
      .sort();
  const of = (srcVni: number, dst: string, more: object = {}) => ({
    interface: "vx0",
    namespace: "red",
    lladdr: MAC,
    srcVni,
    dst,
    ...more,
  });
  const zero = { lladdr: "00:00:00:00:00:00" };
  const [one, other] = [lab.resource("FdbEntry", "one"), lab.resource("FdbEntry", "other")];
  await one.up(of(10, "10.0.0.2"));
  await other.up(of(20, "10.0.0.3", { vni: 7 }));
  expect(await entries()).toEqual([`${MAC} 10 10.0.0.2`, `${MAC} 20 10.0.0.3 7`]);
  expect(await one.up(of(10, "10.0.0.4"))).toBe("update");
  expect(await other.up(of(21, "10.0.0.3"))).toBe("replace");
  expect(await entries()).toEqual([`${MAC} 10 10.0.0.4`, `${MAC} 21 10.0.0.3`]);
  expect([await one.refresh(), await other.refresh()]).toEqual([[], []]);
  expect(await one.up(of(10, "10.0.0.2", zero))).toBe("replace");
  expect(await other.up(of(10, "10.0.0.3", zero))).toBe("replace");
  const both = ["00:00:00:00:00:00 10 10.0.0.2", "00:00:00:00:00:00 10 10.0.0.3"];
  expect(await entries()).toEqual(both);
  expect([await one.refresh(), await other.refresh()]).toEqual([[], []]);
  expect(await one.up(of(10, "10.0.0.2", { ...zero, vni: 7 }))).toBe("update");
  expect(await entries()).toEqual([`${both[0]} 7`, both[1]]);
  expect(await one.up(of(10, "10.0.0.5", zero))).toBe("replace");
  expect(await entries()).toEqual([both[1], "00:00:00:00:00:00 10 10.0.0.5"]);
  await bridge("del", "00:00:00:00:00:00", "dev", "vx0", "dst", "10.0.0.5", "src_vni", "10");
  expect([await one.refresh(), await other.refresh()]).toEqual(["gone", []]);
  expect(await one.up(of(10, "10.0.0.5", zero))).toBe("create");
  await expect(lab.resource("FdbEntry", "third").up(of(10, "10.0.0.5", zero))).rejects.toThrow(
    /declare the same fdb entry/,
  );
  await other.destroy();
  expect(await entries()).toEqual(["00:00:00:00:00:00 10 10.0.0.5"]);
  await one.destroy();
  expect(await entries()).toEqual([]);
});

test("an entry is created again after it was deleted, was learned, or its port left the bridge", async () => {
  const it = lab.resource("FdbEntry", "it");
  await it.up(args());
  await fdb("replace", MAC, "dev", "port", "master", "static", "sticky");
  expect(await it.refresh()).toEqual(["sticky"]);
  expect(await it.up(args())).toBe("update");
  await fdb("del", MAC, "dev", "port", "master");
  expect(await it.refresh()).toBe("gone");
  await fdb("add", MAC, "dev", "port", "master", "dynamic");
  expect(await it.up(args())).toBe("create");
  expect(await shown()).toMatchObject([{ state: "static" }]);
  await lab.run("ip", "link", "set", "dev", "port", "nomaster");
  expect(await it.refresh()).toBe("gone");
  await expect(it.up(args())).rejects.toThrow(
    /failed: [^]*not supported[^]*help: the interface of an FdbEntry must be a port of a bridge, or with dst a Vxlan/,
  );
  await lab.run("ip", "link", "set", "dev", "port", "master", "br0");
  expect(await it.up(args())).toBe("create");
  expect(await it.refresh()).toEqual([]);
});

test("a foreign entry is refused without adopt, and adopted with it", async () => {
  await lab.run("ip", "link", "add", "name", "x0", "type", "veth", "peer", "name", "x1");
  await lab.run("ip", "link", "set", "dev", "x0", "master", "br0");
  await fdb("add", MAC, "dev", "x0", "master", "static");
  const it = lab.resource("FdbEntry", "it");
  await expect(it.up(args({ interface: "x0" }))).rejects.toThrow(/FdbEntry x0\/02:00:00:00:00:09 already exists/);
  expect(await it.up(args({ interface: "x0", sticky: true }), { adopt: true })).toBe("create");
  expect(await shown("x0")).toMatchObject([{ flags: ["sticky"] }]);
  // The kernel has an entry for the port's own MAC address.
  const [{ address }] = await lab.ip("link", "show", "dev", "x0");
  await expect(lab.resource("FdbEntry", "own").up(args({ interface: "x0", lladdr: address }))).rejects.toThrow(
    /already exists and is not managed/,
  );
});

test.each([
  [args({ dst: "10.0.0.2", sticky: true }), /^sticky: true cannot be used with dst/],
  [args({ dst: "10.0.0.2", vlan: 10 }), /^vlan: 10 cannot be used with dst/],
  [args({ port: 4790 }), /^dst: missing: port applies to the remote end of a tunnel/],
  [args({ vlan: 4095 }), /^vlan: 4095 is not a VLAN ID/],
  [args({ lladdr: "00:00:00:00:00:00" }), /^srcVni: missing: lladdr "00:00:00:00:00:00" is for the frames of one/],
  [args({ lladdr: "ff:ff:ff:ff:ff:ff" }), /^lladdr: "ff:ff:ff:ff:ff:ff" is not the MAC address of an interface/],
  [args({ srcVni: 10 }), /^dst: missing: srcVni applies to the remote end of a tunnel/],
])("%j is refused before anything is done", async (given, why) => {
  const refused = lab.resource("FdbEntry", "it").up(given);
  await expect(refused).rejects.toThrow(CheckError);
  await expect(refused).rejects.toThrow(why);
  expect(await shown()).toEqual([]);
});
