// @kernel vlan-filtering, vnifilter
import { expect, test } from "vitest";
import { CheckError } from "../support/lab.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingFrom, pings } from "../support/ping.ts";

labForEachTest("red", "blue", "red10", "red20", "blue10", "blue20");

const bridge = (place: string) =>
  lab.resource("Bridge", `${place}-br`).up({ name: "br0", namespace: place, vlanFiltering: true, vlanDefaultPvid: 0 });
const tunnel = (place: string, vlans: unknown, more: object = {}) => ({
  ...{ name: "vx0", namespace: place, external: true, vnifilter: true, master: "br0", local: ADDRESSES[place] },
  ...{ port: { vlanTunnel: true, vlans }, vnis: [1010, 1020], ...more },
});
const ADDRESSES: Record<string, string> = { red: "10.0.0.1", blue: "10.0.0.2" };
const MAPPED = ["10 tunnel_info id 1010", "20 tunnel_info id 1020"];
const host = (place: string, vid: number, last: number) =>
  lab.resource("Veth", `${place}${vid}`).up({
    a: { name: "eth0", namespace: `${place}${vid}`, addresses: [`10.1.0.${last}/24`] },
    b: { name: `p${vid}`, namespace: place, master: "br0", port: { vlans: [`${vid} pvid untagged`] } },
  });
const flood = (place: string, srcVni: number) =>
  lab.resource("FdbEntry", `${place}-${srcVni}`).up({
    ...{ interface: "vx0", namespace: place, lladdr: "00:00:00:00:00:00", srcVni },
    dst: ADDRESSES[place === "red" ? "blue" : "red"],
  });
const mapOf = async (place: string) =>
  JSON.parse(await lab.run("bridge", "-n", place, "-json", "vlan", "tunnelshow", "dev", "vx0")).flatMap(
    ({ tunnels }: { tunnels: object[] }) => tunnels,
  );

//   red10, red20 ─ br0 ─ vx0 of red ══ 10.0.0.0/24 ══ vx0 of blue ─ br0 ─ blue10, blue20
test("hosts of a VLAN reach each other, and no other hosts, through one tunnel, according to its map", async () => {
  await lab.resource("Veth", "wire").up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24"] },
    b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24"] },
  });
  const ends = ["red", "blue"].map((place) => [place, lab.resource("Vxlan", `${place}-vx`)] as const);
  for (const [place, end] of ends) {
    await bridge(place);
    expect(await end.up(tunnel(place, MAPPED))).toBe("create");
    for (const vni of [1010, 1020]) await flood(place, vni);
  }
  await host("red", 10, 1);
  await host("red", 20, 2);
  await host("blue", 10, 3);
  await host("blue", 20, 4);
  expect(await mapOf("red")).toEqual([
    { vlan: 10, tunid: 1010 },
    { vlan: 20, tunid: 1020 },
  ]);
  await pingFrom(lab, "red10", "10.1.0.3");
  await pingFrom(lab, "red20", "10.1.0.4");
  expect([await pings(lab, "red10", "10.1.0.4", "-W2"), await pings(lab, "red20", "10.1.0.3", "-W2")]).toEqual([
    false,
    false,
  ]);
  for (const [, end] of ends) expect(await end.refresh()).toEqual([]);

  // The VLAN 20 of red becomes the network of the VLAN 10 of blue.
  const [[, red]] = ends as [(typeof ends)[number]];
  expect(await red.up(tunnel("red", ["10 tunnel_info id 1020", "20 tunnel_info id 1010"]))).toBe("update");
  expect(await red.refresh()).toEqual([]);
  await pingFrom(lab, "red20", "10.1.0.3");
  expect(await pings(lab, "red10", "10.1.0.3", "-W2")).toBe(false);
  // The tunnel carries no frames of another identifier.
  expect(await red.up(tunnel("red", MAPPED, { vnis: [1020] }))).toBe("update");
  await pingFrom(lab, "red20", "10.1.0.4");
  expect(await pings(lab, "red10", "10.1.0.3", "-W2")).toBe(false);

  for (const [, end] of ends) await end.destroy();
  for (const place of ["red", "blue"])
    for (const link of ["br0", "p10", "p20"]) await lab.run("ip", "-n", place, "link", "delete", "dev", link);
  await lab.run("ip", "-n", "red", "link", "delete", "dev", "eth0");
  await expectNothingLeft();
});

test("a port has exactly its map, changes it in place, and is repaired after drift", async () => {
  await bridge("red");
  const it = lab.resource("Vxlan", "it");
  const args = (vlans: unknown, more: object = {}) => tunnel("red", vlans, { vnis: ["1-5000"], ...more });
  const index = async () => (await lab.ip("-n", "red", "link", "show", "dev", "vx0"))[0].ifindex;
  expect(await it.up(args(["20-29 tunnel_info id 2020-2029", "30 tunnel_info id 2030", 31, "10 pvid untagged"]))).toBe(
    "create",
  );
  expect(it.outputs["port"]).toMatchObject({ vlans: ["10 pvid untagged", "20-30 tunnel_info id 2020-2030", "31"] });
  expect(await mapOf("red")).toEqual([{ vlan: 20, vlanEnd: 30, tunid: 2020, tunidEnd: 2030 }]);
  expect(await it.refresh()).toEqual([]);
  const made = await index();

  // Two identifiers are exchanged, one moves from a deleted VLAN, and others are added and removed.
  const next = args(["10 tunnel_info id 2030", "20 tunnel_info id 2021", "21 tunnel_info id 2020", "22 untagged", 31]);
  expect(await it.up(next)).toBe("update");
  const mapped = [
    { vlan: 10, tunid: 2030 },
    { vlan: 20, tunid: 2021 },
    { vlan: 21, tunid: 2020 },
  ];
  expect(await mapOf("red")).toEqual(mapped);
  expect(await it.refresh()).toEqual([]);
  expect(await it.up(next)).toBe("same");

  const drifts = [
    ["bridge", "vlan", "add", "dev", "vx0", "vid", "31", "tunnel_info", "id", "7"],
    ["bridge", "vlan", "del", "dev", "vx0", "vid", "20", "tunnel_info", "id", "2021"],
    ["bridge", "vlan", "del", "dev", "vx0", "vid", "21"],
  ];
  for (const [tool = "", ...words] of drifts) {
    await lab.run(tool, "-n", "red", ...words);
    expect(await it.refresh()).toEqual(["port.vlans"]);
    expect(await it.up(next)).toBe("update");
    expect(await mapOf("red")).toEqual(mapped);
  }
  await lab.run("ip", "-n", "red", "link", "set", "dev", "vx0", "type", "bridge_slave", "vlan_tunnel", "off");
  expect(await it.refresh()).toEqual(["port.vlanTunnel", "port.vlans"]);
  expect(await it.up(next)).toBe("update");
  expect(await mapOf("red")).toEqual(mapped);
  for (const master of [["nomaster"], ["master", "br0"]])
    await lab.run("ip", "-n", "red", "link", "set", "dev", "vx0", ...master);
  expect(await it.refresh()).toEqual(["port.vlanTunnel", "port.vlans"]);
  expect(await it.up(next)).toBe("update");
  expect(await mapOf("red")).toEqual(mapped);
  expect(await it.refresh()).toEqual([]);

  expect(await it.up(args([10, 20], { port: { vlans: [10, 20] } }))).toBe("update");
  expect(await mapOf("red")).toEqual([]);
  expect(await it.refresh()).toEqual([]);
  expect(await it.up(next)).toBe("update");
  expect(await mapOf("red")).toEqual(mapped);
  expect(await index()).toBe(made);
  await it.destroy();
});

test.each([
  [["10 tunnel_info id 1010"], { vlanTunnel: false }, /^port\.vlanTunnel: missing: "10 tunnel_info id 1010" in vlans/],
  [["10 tunnel_info id 0"], {}, /^port\.vlans: .*an identifier of a tunnel is a number from 1 to 16777215/],
  [["10-12 tunnel_info id 1-2"], {}, /^port\.vlans: .*the VLANs 10-12 need as many identifiers/],
  [["10 tunnel_info id 7", "20-21 tunnel_info id 6-7"], {}, /^port\.vlans: .*the identifier 7 is that of two VLANs/],
  [["10 tunnel_info 7"], {}, /^port\.vlans: .*"10 tunnel_info 7" is not a VLAN ID/],
])("%j with %j is refused before anything is done", async (vlans, port, why) => {
  const args = tunnel("red", [], { port: { vlanTunnel: true, vlans, ...port } });
  const refused = lab.resource("Vxlan", "it").up(args);
  await expect(refused).rejects.toThrow(CheckError);
  await expect(refused).rejects.toThrow(why);
});
