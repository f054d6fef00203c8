// @kernel vlan, vlan-filtering
import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce, pings } from "../support/ping.ts";

labForEachTest("red", "blue", "router");

const bridge = (more: object = {}) =>
  lab.resource("Bridge", "switch").up({ name: "br0", vlanFiltering: true, ...more });
const port = (namespace: string, vlans?: unknown, addresses: string[] = []) =>
  lab.resource("Veth", namespace).up({
    a: { name: "eth0", namespace, addresses },
    b: { name: namespace, master: "br0", ...(vlans !== undefined && { port: { vlans } }) },
  });
const vlans = async (name: string) => {
  const [shown] = JSON.parse(await lab.run("bridge", "-json", "-compressvlans", "vlan", "show", "dev", name));
  return (shown?.vlans ?? []).map(
    ({ vlan, vlanEnd, flags = [] }: { vlan: number; vlanEnd?: number; flags?: string[] }) =>
      [vlanEnd === undefined ? vlan : `${vlan}-${vlanEnd}`, ...flags].join(" "),
  );
};
test("a port has exactly its VLANs, also after it rejoins the bridge, changes them in place and reports drift", async () => {
  await bridge({ vlans: ["1 pvid untagged", 10] });
  expect(await vlans("br0")).toEqual(["1 PVID Egress Untagged", "10"]);
  const it = lab.resource("Veth", "red");
  const args = (list: unknown) => ({
    a: { name: "eth0", namespace: "red" },
    b: { name: "red", master: "br0", port: { vlans: list } },
  });
  expect(await it.up(args(["10 untagged pvid", "20-22", 23]))).toBe("create");
  expect(it.outputs["b"]).toMatchObject({ port: { vlans: ["10 pvid untagged", "20-23"] } });
  expect(await vlans("red")).toEqual(["10 PVID Egress Untagged", "20-23"]);
  expect(await it.up(args(["10 pvid untagged", "20-23"]))).toBe("same");
  expect(await it.refresh()).toEqual([]);

  expect(await it.up(args([10, "22-23 untagged", "30 pvid untagged"]))).toBe("update");
  expect(await vlans("red")).toEqual(["10", "22-23 Egress Untagged", "30 PVID Egress Untagged"]);
  expect(await it.refresh()).toEqual([]);
  await lab.run("bridge", ..."vlan add dev red vid 99".split(" "));
  expect(await it.refresh()).toEqual(["b.port.vlans"]);
  expect(await it.up(args([10, "22-23 untagged", "30 pvid untagged"]))).toBe("update");
  await lab.run("ip", "link", "set", "dev", "red", "nomaster");
  await lab.run("ip", "link", "set", "dev", "red", "master", "br0");
  expect(await it.refresh()).toEqual(["b.port.vlans"]);
  expect(await it.up(args([]))).toBe("update");
  expect(await vlans("red")).toEqual([]);
  expect(await it.refresh()).toEqual([]);

  const own = lab.resource("Bridge", "own");
  await own.up({ name: "br1", vlanFiltering: true, vlanProtocol: "802.1ad", vlans: [5] });
  expect(await vlans("br1")).toEqual(["5"]);
  await lab.run("bridge", ..."vlan add dev br1 vid 6 pvid self".split(" "));
  expect(await own.refresh()).toEqual(["vlans"]);
  expect(await own.up({ name: "br1", vlanFiltering: true, vlanProtocol: "802.1ad", vlans: [5] })).toBe("update");
  expect(await own.refresh()).toEqual([]);
  await own.destroy();
  await it.destroy();
  await lab.run("ip", "link", "delete", "dev", "br0");
  await expectNothingLeft();
});

//   red  10.0.10.2 ─ access 10 ─┐
//                             br0 ─ trunk 10, 20 ─ router: eth0.10 10.0.10.1, eth0.20 10.0.20.1
//   blue 10.0.20.2 ─ access 20 ─┘
test("hosts of two VLANs reach each other only through the router on the trunk", async () => {
  await bridge();
  await port("red", ["10 pvid untagged"], ["10.0.10.2/24"]);
  await port("blue", ["20 pvid untagged"], ["10.0.20.2/24", "10.0.10.3/24"]);
  await port("router", [10, 20]);
  for (const vid of [10, 20])
    await lab.resource("Vlan", `v${vid}`).up({
      ...{ name: `eth0.${vid}`, namespace: "router", link: "eth0", linkNamespace: "router", vid },
      addresses: [`10.0.${vid}.1/24`],
    });
  await pingOnce(lab, "red", "10.0.10.1", "-W2");
  expect(await pings(lab, "red", "10.0.10.3", "-W2")).toBe(false);
  await pingOnce(lab, "blue", "10.0.20.1", "-W2");
});
