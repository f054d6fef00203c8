import { expect, test } from "vitest";
import { Address, Bridge, FdbEntry, Namespace, Neighbor, Route, Sysctl, Veth } from "../../sdk/index.ts";
import { addressesOf, edit, host, ip, labHostForEachTest } from "../support/edited.ts";

/* The kernel drops objects when an interface leaves its bridge, is set down or gets another MAC address. The same up creates them again. */

labHostForEachTest();

test("a port has its settings after its bridge is replaced, also if bridges exchange names", async () => {
  const lab = (one: string, other: string, namespace?: string) => () => {
    const place = namespace === undefined ? {} : { namespace: new Namespace(namespace) };
    const lan = new Bridge("one", { name: one, ...place });
    new Bridge("two", { name: other, ...place });
    new Veth("w", {
      a: { name: "eth0" },
      b: { name: "port", ...place, master: lan, port: { isolated: true, learning: false } },
    });
  };
  for (const [one, other, namespace] of [
    ["br1", "br2"],
    ["br2", "br1"],
    ["br1", "br2", "r"],
    ["br2", "br1", "r"],
  ] as const) {
    await edit(lab(one, other, namespace));
    const [port] = await ip(...(namespace ? ["-n", namespace] : []), "-details", "link", "show", "dev", "port");
    expect(port).toMatchObject({ master: one, linkinfo: { info_slave_data: { isolated: true, learning: false } } });
  }
});

test("neighbours and fdb entries are replaced with each change with which the kernel drops them", async () => {
  const MAC = "02:00:00:00:00:09";
  const lab =
    ({
      bridge = "br1",
      mac = "02:00:00:00:00:01",
      ...end
    }: {
      bridge?: string;
      mac?: string;
      up?: boolean;
      mtu?: number;
    }) =>
    () => {
      const r = new Namespace("r");
      const lan = new Bridge("lan", { name: bridge });
      new Bridge("other", { name: bridge === "br1" ? "br2" : "br1" });
      const w = new Veth("w", { a: { name: "eth0", namespace: r, mac, ...end }, b: { name: "port", master: lan } });
      new Neighbor("four", { interface: w.a, address: "10.0.0.9", lladdr: MAC });
      new Neighbor("proxy", { interface: w.a, address: "10.0.0.8", proxy: true });
      if (end.mtu === undefined) new Neighbor("six", { interface: w.a, address: "fd00::9", lladdr: MAC });
      new FdbEntry("entry", { interface: w.b, lladdr: MAC });
    };
  const count = async () => [
    (await ip("-n", "r", "neigh", "show", "nud", "permanent")).length,
    (await ip("-n", "r", "neigh", "show", "proxy")).length,
    JSON.parse(await host.run("bridge", "-json", "fdb", "show", "dev", "port", "state", "static")).length,
  ];
  await edit(lab({}));
  const neighbours = ["replace Neighbor four", "replace Neighbor proxy", "replace Neighbor six"];
  expect(await edit(lab({ mac: "02:00:00:00:00:02" }))).toEqual([...neighbours, "update Veth w"]);
  expect(await count()).toEqual([2, 1, 1]);
  expect(await edit(lab({ up: false }))).toEqual([...neighbours, "update Veth w"]);
  expect(await count()).toEqual([2, 1, 1]);
  await edit(lab({}));
  expect(await count()).toEqual([2, 1, 1]);
  await edit(lab({ mtu: 1200 }));
  expect(await count()).toEqual([1, 1, 1]);
  await edit(lab({}));
  expect(await count()).toEqual([2, 1, 1]);
  // The two bridges exchange their names, so that both are replaced.
  expect(await edit(lab({ bridge: "br2" }))).toContain("replace FdbEntry entry");
  expect(await count()).toEqual([2, 1, 1]);
});

test("a neighbour is replaced together with the address of its network", async () => {
  const lab = (address: string) => () => {
    const r = new Namespace("r");
    const w = new Veth("w", { a: { name: "eth0", namespace: r }, b: { name: "port" } });
    new Address("own", { interface: w.a, address });
    new Neighbor("near", { interface: w.a, address: "10.0.0.9", lladdr: "02:00:00:00:00:09" });
  };
  await edit(lab("10.0.0.1/24"));
  expect(await edit(lab("10.0.0.2/24"))).toEqual(["replace Address own", "replace Neighbor near"]);
  expect(await ip("-n", "r", "neigh", "show", "nud", "permanent")).toMatchObject([{ dst: "10.0.0.9" }]);
});

test("an IPv6 address whose interface is named by its output is created again when the kernel has dropped it", async () => {
  const lab = (up: boolean) => () => {
    const red = new Namespace("red");
    const w = new Veth("w", { a: { name: "eth0", namespace: red, up }, b: { name: "x" } });
    new Address("own", { interface: w.a.name, namespace: red, address: "fd00::1/64" });
  };
  for (const up of [true, false, true]) await edit(lab(up));
  expect(await addressesOf("red", "eth0")).toEqual(["fd00::1/64"]);
});

test("neighbours, routes and settings of an interface exist after each change of its addresses", async () => {
  const lab =
    (onEnd: readonly string[], apart: readonly string[] = []) =>
    () => {
      const red = new Namespace("red");
      const w = new Veth("w", { a: { name: "eth0", namespace: red, addresses: [...onEnd] }, b: { name: "x" } });
      for (const address of apart) new Address(address, { interface: w.a, address });
      const [lladdr, fwd] = ["02:00:00:00:00:77", "net.ipv4.conf.eth0.forwarding"];
      for (const address of ["10.2.0.77", "fd00::77"]) new Neighbor(address, { interface: w.a, address, lladdr });
      new Neighbor("proxied", { interface: w.a, address: "10.2.0.78", proxy: true });
      new Route("out", { interface: w.a, destination: "10.9.0.0/16" });
      new Sysctl("forwarding", { namespace: red, key: fwd, value: "1", interface: w.a });
    };
  const [one, two, far] = ["10.2.0.1/24", "10.2.0.5/24", "10.3.0.1/24"];
  await edit(lab([one]));
  for (const program of [
    ...[lab([two]), lab([far]), lab([one, two]), lab([two, one]), lab([two]), lab([far, two]), lab([]), lab([one])],
    ...[lab([], [one]), lab([one]), lab([], [two]), lab([far], [two]), lab([far]), lab([], [far])],
  ])
    await edit(program);
  expect(await ip("-n", "red", "neigh", "show", "nud", "permanent")).toHaveLength(2);
});
