import { expect, test } from "vitest";
import { CheckError } from "../support/lab.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce } from "../support/ping.ts";
import { end, show, underlay } from "../support/vxlan-ends.ts";

labForEachTest("red", "blue");

//   red ─ vx0 192.168.42.1 ┄┄ tunnel ┄┄ 192.168.42.2 vx0 ─ blue
//          └ eth0 10.0.0.1 ══════════════ 10.0.0.2 eth0 ┘
test("two ends carry packets over the network between them, and are deleted", async () => {
  await underlay();
  const [left, right] = [lab.resource("Vxlan", "left"), lab.resource("Vxlan", "right")];
  const args = end({ remote: "10.0.0.2", local: "10.0.0.1", dev: "eth0", addresses: ["192.168.42.1/24"] });
  expect(await left.up(args)).toBe("create");
  await right.up({ name: "vx0", namespace: "blue", vni: 42, remote: "10.0.0.1", addresses: ["192.168.42.2/24"] });
  expect(await show()).toMatchObject({
    group: "default",
    ifalias: expect.stringMatching(/^pulumi-netns:test\/dev:left@/),
    linkinfo: {
      info_kind: "vxlan",
      info_data: {
        id: 42,
        remote: "10.0.0.2",
        local: "10.0.0.1",
        link: "eth0",
        port: 4789,
        learning: true,
        ageing: 300,
      },
    },
  });
  await pingOnce(lab, "red", "192.168.42.2", "-W2");
  expect(await left.up(args)).toBe("same");
  expect(await left.refresh()).toEqual([]);

  await left.destroy();
  await left.destroy();
  await right.destroy();
  expect((await lab.ip("-n", "red", "link", "show")).map(({ ifname }) => ifname)).toEqual(["lo", "eth0"]);
});

test("remote, learning, ageing and the arguments of every link change in place", async () => {
  await underlay();
  const left = lab.resource("Vxlan", "left");
  await left.up(end({ remote: "10.0.0.2" }));
  const { ifindex } = await show();
  const args = end({ remote: "10.0.0.3", learning: false, ageing: 60, mtu: 1400, mac: "02:00:00:00:00:01", up: false });
  expect(await left.up(args)).toBe("update");
  expect(await show()).toMatchObject({
    ifindex,
    mtu: 1400,
    address: "02:00:00:00:00:01",
    linkinfo: { info_data: { id: 42, remote: "10.0.0.3", learning: false, ageing: 60 } },
  });
  expect(await left.up(args)).toBe("same");
  expect(await left.refresh()).toEqual([]);
});

//   red ─ vx0 ┄┄ blue and green ┄┄ each of them the same
test("each of three ends floods to the others, and the list changes in place", async () => {
  await lab.run("ip", "netns", "add", "green");
  const places = ["red", "blue", "green"];
  await lab.resource("Bridge", "under").up({ name: "under" });
  for (const [index, namespace] of places.entries())
    await lab.resource("Veth", namespace).up({
      a: { name: "eth0", namespace, addresses: [`10.0.0.${index + 1}/24`] },
      b: { name: `to-${namespace}`, master: "under" },
    });
  const ends = places.map((namespace) => lab.resource("Vxlan", `vx-${namespace}`));
  const args = (index: number, flood: string[]) => ({
    ...{ name: "vx0", namespace: places[index], vni: 42, local: `10.0.0.${index + 1}`, flood },
    addresses: [`192.168.42.${index + 1}/24`],
  });
  const others = (index: number) => [1, 2, 3].filter((last) => last !== index + 1).map((last) => `10.0.0.${last}`);
  for (const [index, end] of ends.entries()) expect(await end.up(args(index, others(index)))).toBe("create");
  const flooded = async () =>
    JSON.parse(await lab.run("bridge", "-n", "red", "-json", "fdb", "show", "dev", "vx0"))
      .filter(({ mac }: { mac: string }) => mac === "00:00:00:00:00:00")
      .map(({ dst }: { dst: string }) => dst)
      .sort();
  expect(await flooded()).toEqual(["10.0.0.2", "10.0.0.3"]);
  for (const address of ["192.168.42.2", "192.168.42.3"]) await pingOnce(lab, "red", address, "-W2");
  const [red] = ends as [(typeof ends)[number]];
  // The order of the list has no effect.
  expect(await red.up(args(0, ["10.0.0.3", "10.0.0.2"]))).toBe("update");
  expect(await red.refresh()).toEqual([]);
  expect(await red.up(args(0, ["10.0.0.3", "10.0.0.9"]))).toBe("update");
  expect(await flooded()).toEqual(["10.0.0.3", "10.0.0.9"]);
  expect(await red.refresh()).toEqual([]);
  await lab.run("bridge", "-n", "red", ..."fdb del 00:00:00:00:00:00 dev vx0 dst 10.0.0.9 self".split(" "));
  await lab.run(
    "bridge",
    "-n",
    "red",
    ..."fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.8 self permanent".split(" "),
  );
  expect(await red.refresh()).toEqual(["flood"]);
  expect(await red.up(args(0, ["10.0.0.3", "10.0.0.9"]))).toBe("update");
  expect(await flooded()).toEqual(["10.0.0.3", "10.0.0.9"]);
  expect(await red.up(args(0, []))).toBe("update");
  expect(await flooded()).toEqual([]);
  expect(await red.refresh()).toEqual([]);
});

test("an end floods over IPv6", async () => {
  const left = lab.resource("Vxlan", "left");
  await left.up(end({ local: "fd00::1", flood: ["fd00::2", "FD00::3"] }));
  expect(await left.refresh()).toEqual([]);
});

//   inner ─ vx0 192.168.42.1            192.168.42.2 vx0 ─ blue
//            ┊ underlay: red, eth0 10.0.0.1 ══════════ 10.0.0.2 eth0
test.each([
  ["the namespace that it is in", { underlay: "red" }],
  ["the lab host, on which it is", { namespace: undefined, underlay: "/" }],
])("the underlay of an end can be %s", async (_what, args) => {
  const left = lab.resource("Vxlan", "left");
  await left.up(end(args));
  expect(await left.refresh()).toEqual([]);
  expect(await left.up(end(args))).toBe("same");
  await left.destroy();
});

const OPTIONS = { ttl: 7, tos: 16, df: "set" };
const BORN = { srcport: "40000-50000", udpcsum: false, proxy: true, rsc: true, l2miss: true, l3miss: true };

test("a tunnel has the given options, which change in place as far as the kernel allows", async () => {
  const left = lab.resource("Vxlan", "left");
  await left.up(end({ remote: "10.0.0.2" }));
  const { ifindex } = await show();
  expect(await left.up(end({ remote: "10.0.0.2", ...OPTIONS }))).toBe("update");
  expect(await show()).toMatchObject({ ifindex, linkinfo: { info_data: { ttl: 7, tos: "0x10", df: "set" } } });
  expect(await left.refresh()).toEqual([]);
  expect(await left.up(end({ remote: "10.0.0.2", tos: "inherit", df: "inherit" }))).toBe("update");
  expect(await show()).toMatchObject({ ifindex, linkinfo: { info_data: { ttl: 0, tos: "0x1", df: "inherit" } } });
  expect(await left.refresh()).toEqual([]);
  expect(await left.up(end({ remote: "10.0.0.2", ...BORN, ttl: "inherit" }))).toBe("replace");
  const { info_data: made } = (await show()).linkinfo;
  expect(made).toMatchObject({
    ...{ port_range: { low: 40_000, high: 50_000 }, udp_csum: false },
    ...{ proxy: true, rsc: true, l2miss: true, l3miss: true },
  });
  expect(made).not.toHaveProperty("ttl");
  expect(await left.refresh()).toEqual([]);
  expect(await left.up(end({ remote: "10.0.0.2", ...BORN, ttl: "inherit" }))).toBe("same");
});

test.each([
  ["vni", { vni: 43 }, { id: 43 }],
  ["srcport", { srcport: 40_000 }, { port_range: { low: 40_000, high: 40_000 } }],
  ["udpcsum", { udpcsum: false }, { udp_csum: false }],
  ["proxy", { proxy: true }, { proxy: true }],
  ["dstport", { dstport: 8472 }, { port: 8472 }],
  ["local", { local: "10.0.0.1" }, { local: "10.0.0.1" }],
  ["the family of remote", { remote: "fd00::2" }, { remote6: "fd00::2" }],
  ["remote to a multicast group", { remote: undefined, group: "239.1.1.1", dev: "eth0" }, { group: "239.1.1.1" }],
  ["remote to none", { remote: undefined }, { id: 42 }],
])("a change of %s replaces the tunnel", async (_what, args, data) => {
  await underlay();
  const left = lab.resource("Vxlan", "left");
  await left.up(end({ remote: "10.0.0.2" }));
  const { ifindex } = await show();
  const wanted = end({ remote: "10.0.0.2", ...args });
  expect(await left.up(wanted)).toBe("replace");
  const made = await show();
  expect(made.ifindex).not.toBe(ifindex);
  expect(made).toMatchObject({ linkinfo: { info_data: data } });
  expect(await left.up(wanted)).toBe("same");
  expect(await left.refresh()).toEqual([]);
});

test.each([
  ["remote", ["type", "vxlan", "remote", "10.0.0.9"], ["remote"], "update"],
  ["learning", ["type", "vxlan", "nolearning"], ["learning"], "update"],
  ["ageing", ["type", "vxlan", "ageing", "5"], ["ageing"], "update"],
  ["ttl", ["type", "vxlan", "ttl", "5"], ["ttl"], "update"],
  ["tos", ["type", "vxlan", "tos", "0x8"], ["tos"], "update"],
  ["df", ["type", "vxlan", "df", "set"], ["df"], "update"],
  ["local", ["type", "vxlan", "local", "10.0.0.9"], ["local"], "replace"],
  ["up", ["down"], ["up"], "update"],
])("drift of %s is reported and repaired", async (_what, change, properties, verb) => {
  const left = lab.resource("Vxlan", "left");
  await left.up(end({ remote: "10.0.0.2" }));
  await lab.run("ip", "-n", "red", "link", "set", "dev", "vx0", ...change);
  expect(await left.refresh()).toEqual(properties);
  expect(await left.up(end({ remote: "10.0.0.2" }))).toBe(verb);
  expect(await left.refresh()).toEqual([]);
  expect((await show()).linkinfo.info_data).toMatchObject({ remote: "10.0.0.2", learning: true, ageing: 300 });
});

test.each([
  [end({ vni: 0 }), /^vni: 0 is not a VXLAN network identifier: /],
  [end({ remote: "239.1.1.1" }), /^remote: "239.1.1.1" is not a host address/],
  [end({ group: "10.0.0.2", dev: "eth0" }), /^group: "10.0.0.2" is not a multicast group address/],
  [end({ group: "239.1.1.1" }), /^dev: missing: group requires/],
  [end({ group: "239.1.1.1", dev: "eth0", remote: "10.0.0.2" }), /^group: "239.1.1.1" cannot be used with remote/],
  [end({ flood: ["10.0.0.2"], remote: "10.0.0.3" }), /^flood: cannot be used with remote or group/],
  [end({ flood: ["10.0.0.2", "fd00::2"] }), /^flood: "fd00::2" must be of the family of local, which is IPv4/],
  [end({ flood: ["239.1.1.1"] }), /^flood\.0: "239.1.1.1" is not a /],
  [end({ flood: ["10.0.0.2", "10.0.0.2"] }), /is listed twice/],
  [end({ underlay: "a/b" }), /^underlay: "a\/b" is not a namespace name, or "\/" for the lab host/],
  [end({ tos: 1 }), /^tos: 1 stands for the traffic class of the inner packet/],
  [end({ ttl: 256 }), /^ttl: 256 is not a TTL: /],
  [end({ local: "fd00::1", remote: "10.0.0.2" }), /^local: "fd00::1" and "10.0.0.2" must be of the same family/],
])("%j is refused before anything is done", async (args, why) => {
  const refused = lab.resource("Vxlan", "left").up(args);
  await expect(refused).rejects.toThrow(CheckError);
  await expect(refused).rejects.toThrow(why);
  expect((await lab.ip("-n", "red", "link", "show")).map(({ ifname }) => ifname)).toEqual(["lo"]);
});

test("the next run replaces a tunnel of a killed run if the program has another identifier", async () => {
  const died = lab.resource("Vxlan", "left");
  await died.up(end({ addresses: ["192.168.42.1/24"] }));
  const [left] = await lab.ip("-n", "red", "link", "show", "dev", "vx0");
  // The tunnel is not in the state.
  const next = lab.nextRun().resource("Vxlan", "left");
  expect(await next.up({ ...end({ addresses: ["192.168.42.1/24"] }), vni: 43 })).toBe("create");
  expect(await show()).toMatchObject({ linkinfo: { info_data: { id: 43 } } });
  expect((await show()).ifindex).not.toBe(left.ifindex);
  expect(await next.refresh()).toEqual([]);
  await next.destroy();
  await expectNothingLeft();
});
