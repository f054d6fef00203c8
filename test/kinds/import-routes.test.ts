import { afterAll, beforeAll, expect, test } from "vitest";
import { findLab } from "../../inspect/import/find.ts";
import { labHost } from "../../inspect/lab-host.ts";
import { lifecycles } from "../../provider/host.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import { markOf } from "../../provider/owner.ts";
import type { Properties } from "../../provider/properties.ts";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";

/* The routes of a lab that was typed by hand, as an import finds them. */

let host: Sandbox;

const LAB = [
  "ip netns add red",
  "ip link add name eth0 netns red address 02:00:00:00:00:01 type veth peer name far",
  "ip link add name eth1 netns red address 02:00:00:00:00:02 type veth peer name away",
  "ip link set dev far up",
  "ip link set dev away up",
  ...["eth0 up", "eth1 up"].map((link) => `ip -n red link set dev ${link}`),
  "ip -n red address add 10.0.0.1/24 dev eth0",
  "ip -n red address add 10.0.1.1/24 dev eth1",
  "ip -n red -6 address add fd00::1/64 dev eth0 nodad",
];

beforeAll(async () => {
  host = await sandbox();
  for (const line of LAB) await run(line);
});

afterAll(() => host[Symbol.asyncDispose]());

const run = (line: string) => host.run(...(line.split(" ") as [string, ...string[]]));

test.each<[line: string, inputs: object]>([
  ["10.66.0.0/16 via 10.0.0.254 metric 50", { destination: "10.66.0.0/16", via: "10.0.0.254", metric: 50 }],
  ["default via 10.0.0.254 metric 100", { destination: "default", via: "10.0.0.254", metric: 100 }],
  ["fd01::/64 via fd00::2 metric 7", { destination: "fd01::/64", via: "fd00::2", metric: 7 }],
  ["10.67.0.0/16 dev eth1", { destination: "10.67.0.0/16", interface: "eth1" }],
  ["10.68.0.1 via 10.0.0.254 table 100", { destination: "10.68.0.1/32", via: "10.0.0.254", table: 100 }],
  ["default via 10.0.0.254 src 10.0.0.1", { destination: "default", via: "10.0.0.254", source: "10.0.0.1" }],
  ["default via 10.0.0.254 mtu 1400", { destination: "default", via: "10.0.0.254", mtu: 1400 }],
  [
    "default via 172.31.1.1 dev eth0 onlink",
    { destination: "default", via: "172.31.1.1", interface: "eth0", onlink: true },
  ],
  ["default via fd00::2 src fd00::1", { destination: "default", via: "fd00::2", source: "fd00::1" }],
  ["default via fd00::2 metric 5", { destination: "default", via: "fd00::2", metric: 5 }],
  ["default via fe80::2 dev eth1 metric 5", { destination: "default", via: "fe80::2", interface: "eth1", metric: 5 }],
  ["10.71.0.1 via 10.0.0.254 src 10.0.0.1 mtu 1300", { via: "10.0.0.254", source: "10.0.0.1", mtu: 1300 }],
  ["blackhole 10.69.0.0/16", { destination: "10.69.0.0/16", type: "blackhole" }],
  [
    "10.70.0.0/16 nexthop via 10.0.0.254 nexthop via 10.0.1.254 weight 2",
    {
      destination: "10.70.0.0/16",
      nexthops: [
        { via: "10.0.0.254", interface: "eth0" },
        { via: "10.0.1.254", interface: "eth1", weight: 2 },
      ],
    },
  ],
])("the route `%s` is found with the arguments that a program gives it", async (line, inputs) => {
  await run(`ip -n red route add ${line}`);
  const { found, left } = await findLab(labHost(host.enter), { namespaces: ["red"] });
  await run(`ip -n red route delete ${line}`);
  expect(found.filter(({ kind }) => kind === "Route").map((route) => route.inputs)).toEqual([
    expect.objectContaining({ namespace: "red", ...inputs }),
  ]);
  expect(left).toEqual([]);
});

test.each<[line: string, destination: string, attribute: string]>([
  ["default via 10.0.0.254 initcwnd 20", "default", "initcwnd 20"],
  ["default via 10.0.0.254 src 10.0.0.1 realm 4", "default", "realm 4"],
  ["default via fd00::2 pref high", "default", "pref high"],
  ["10.66.0.0/16 via 10.0.0.254 mtu 1400 advmss 1300", "10.66.0.0/16", "advmss 1300"],
  ["10.66.0.0/16 via 10.0.0.254 table 100 congctl reno", "10.66.0.0/16", "congctl reno"],
  ["10.66.0.0/16 dev eth1 scope global", "10.66.0.0/16", "scope global"],
  ["10.66.0.0/16 dev eth1 tos 0x10", "10.66.0.0/16", "tos 0x10"],
  ["fd01::/64 via fd00::2 expires 600", "fd01::/64", "expires"],
  ["fd01::/64 from fd02::/64 via fd00::2", "fd01::/64", "from fd02::/64"],
  ["throw 10.66.0.0/16", "10.66.0.0/16", "type throw"],
  ["10.70.0.0/16 nexthop via 10.0.0.254 realm 3 nexthop via 10.0.1.254", "10.70.0.0/16", "realm 3"],
])("the route `%s` is left alone, because Route cannot express its attribute", async (line, destination, attribute) => {
  await run(`ip -n red route add ${line}`);
  const { found, left } = await findLab(labHost(host.enter), { namespaces: ["red"] });
  await run(`ip -n red route delete ${line.replace(/ expires \d+/, "")}`);
  expect(left).toEqual([
    {
      what: `route to ${destination} in red`,
      why: expect.stringMatching(`^Route cannot express ${attribute}`) as string,
    },
  ]);
  expect(JSON.stringify(found)).not.toMatch(/"Route"|gateways/);
});

test("a next hop object and the route that uses it are found", async () => {
  await run("ip -n red nexthop add id 10 via 10.0.0.254 dev eth0");
  await run("ip -n red route add 10.73.0.0/16 nhid 10");
  const { found, left } = await findLab(labHost(host.enter), { namespaces: ["red"] });
  await run("ip -n red nexthop delete id 10");
  expect(found.filter(({ kind }) => ["Nexthop", "Route"].includes(kind)).map(({ inputs }) => inputs)).toEqual([
    { namespace: "red", nhid: 10, via: "10.0.0.254", interface: "eth0" },
    { namespace: "red", destination: "10.73.0.0/16", nhid: 10 },
  ]);
  expect(left).toEqual([]);
});

test("a route over the second end of a pair within one namespace is found", async () => {
  await run("ip -n red link add one type veth peer name two");
  for (const link of ["one", "two"]) await run(`ip -n red link set dev ${link} up`);
  await run("ip -n red route add 10.72.0.0/16 dev two");
  const { found, left } = await findLab(labHost(host.enter), { namespaces: ["red"] });
  await run("ip -n red link delete one");
  expect(found.filter(({ kind }) => kind === "Route").map(({ inputs }) => inputs)).toEqual([
    expect.objectContaining({ destination: "10.72.0.0/16", interface: "two" }),
  ]);
  expect(left).toEqual([]);
});

test("the default route through a gateway of a link is a part of the link", async () => {
  await run("ip -n red route add default via 10.0.0.254");
  await run("ip -n red -6 route add default via fd00::2");
  const { found } = await findLab(labHost(host.enter), { namespaces: ["red"] });
  expect(found.map(({ kind }) => kind).sort()).toEqual(["Namespace", "Veth", "Veth"]);
  expect(JSON.stringify(found)).toContain('"gateways":["10.0.0.254","fd00::2"]');
});

test("a namespace that does not exist is an error", async () => {
  await expect(findLab(labHost(host.enter), { namespaces: ["redd"] })).rejects.toThrow(
    'namespace "redd" not found in the lab host; did you mean red?\n  help: available: red',
  );
});

test("a default route with attributes keeps them when a resource takes it over", async () => {
  await run("ip -n red route replace default via 10.0.0.254 src 10.0.0.1 mtu 1400");
  const { found } = await findLab(labHost(host.enter), { namespaces: ["red"] });
  for (const { kind, id, inputs } of found) {
    const life = lifecycles(linux(host.enter, host.root)).get(kind);
    const __mark = markOf({ project: "test", stack: "dev", name: id, urn: `urn:${id}` });
    const { props } = (await life?.import(id, __mark)) ?? { props: {} };
    const wanted = life?.check({}, { ...inputs, __mark }).inputs ?? {};
    await life?.update(id, props as Properties, wanted as Properties);
  }
  expect(await host.ip("-n", "red", "route", "show", "default")).toEqual([
    expect.objectContaining({ protocol: "201", gateway: "10.0.0.254", prefsrc: "10.0.0.1", metrics: [{ mtu: 1400 }] }),
  ]);
});
