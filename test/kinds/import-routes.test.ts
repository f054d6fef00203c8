import { afterAll, beforeAll, expect, test } from "vitest";
import { findLab } from "../../inspect/import/find.ts";
import { labHost } from "../../inspect/lab-host.ts";
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
