import { describe, expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import { address } from "../../../provider/kinds/address.ts";
import { routesOver } from "../../../provider/kinds/address-routes.ts";
import type { Lifecycle } from "../../../provider/lifecycle.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK, ready } from "../samples.ts";
import { type Exchange, scripted, tells } from "../script.ts";

const ROUTES = "ip -n red -json -details route show table all protocol 201";
const FIRST = { family: "inet", local: "10.0.0.1", prefixlen: 24, scope: "global" };
const FAR = { ...FIRST, local: "10.1.0.1" };
const SIX = { family: "inet6", local: "fd00::1", prefixlen: 64, scope: "global" };
const args = (text: string) => ready(address, { interface: "eth0", namespace: "red", address: text });
const link = (...addr_info: object[]): Exchange => [
  "ip -n red -json -details address show dev eth0",
  tells([{ ifindex: 2, ifname: "eth0", flags: ["UP"], mtu: 1500, addr_info }]),
];
const route = (dst: string, more: object = {}) => ({ dst, gateway: "10.0.0.254", dev: "eth0", ...more });
const named = (text: string) => `route red/${text}`;

describe("the routes that the kernel deletes with an address", () => {
  test.each<[string, string, object[], object[], string[]]>([
    ["are none if there are none", "10.0.0.1/24", [FIRST], [], []],
    [
      "are all over its interface if it is the last address",
      "10.0.0.1/24",
      [FIRST, SIX],
      [route("10.7.0.0/16")],
      ["inet/10.7.0.0/16/table/254/metric/0"],
    ],
    [
      "are none over its interface if it is not the last address",
      "10.0.0.1/24",
      [FIRST, FAR],
      [route("10.7.0.0/16")],
      [],
    ],
    ["are none over another interface", "10.0.0.1/24", [FIRST], [route("10.7.0.0/16", { dev: "eth1" })], []],
    ["contain the default route", "10.0.0.1/24", [FIRST], [route("default")], ["inet/default/table/254/metric/0"]],
    ["contain a route to a host", "10.0.0.1/24", [FIRST], [route("10.7.0.1")], ["inet/10.7.0.1/32/table/254/metric/0"]],
    [
      "contain those of another table and metric",
      "10.0.0.1/24",
      [FIRST],
      [route("10.7.0.0/16", { table: "100", metric: 50 }), route("10.8.0.0/16", { table: "default" })],
      ["inet/10.7.0.0/16/table/100/metric/50", "inet/10.8.0.0/16/table/253/metric/0"],
    ],
    [
      "contain those with the address as their source, over any interface",
      "10.0.0.1/24",
      [FIRST, FAR],
      [route("10.7.0.0/16", { dev: "eth1", prefsrc: "10.0.0.1" }), route("10.8.0.0/16", { prefsrc: "10.1.0.1" })],
      ["inet/10.7.0.0/16/table/254/metric/0"],
    ],
    [
      "contain those of IPv6 with the address as their source, and no others",
      "fd00::1/64",
      [SIX],
      [
        { dst: "fd07::/64", dev: "eth0", gateway: "fd00::9", metric: 1024, prefsrc: "fd00::1" },
        { dst: "fd08::1", dev: "eth0", gateway: "fd00::9", metric: 1024, prefsrc: "fd00::1" },
        { dst: "fd09::/64", dev: "eth0", gateway: "fd00::9", metric: 1024 },
      ],
      ["inet6/fd07::/64/table/254/metric/1024", "inet6/fd08::1/128/table/254/metric/1024"],
    ],
  ])("%s", async (_what, text, addresses, routes, names) => {
    const script: Exchange[] = [link(...addresses), [ROUTES, tells(routes)]];
    const look = scripted(script, async (kernel) => address.dependents?.(kernel, args(text)));
    expect(await look).toEqual(names.map(named));
  });
});

test("IPv4 routes over an interface are added again with all their properties", async () => {
  const routes = [
    route("10.7.0.0/16", { prefsrc: "10.0.0.1", metric: 5, table: "100", metrics: [{ mtu: 1400 }], flags: ["onlink"] }),
    route("default"),
    route("10.8.0.0/16", { dev: "eth1" }),
    { dst: "fd07::/64", dev: "eth0", gateway: "fd00::9", metric: 1024 },
    { dst: "default", dev: "eth0", gateway: "fd00::9", metric: 1024 },
  ];
  const steps = await scripted([[ROUTES, tells(routes)]], (kernel) => routesOver(kernel, "red", "eth0"));
  expect(showPlan(steps).split("\n")).toEqual([
    "ip -n red -4 route add 10.7.0.0/16 via 10.0.0.254 dev eth0 onlink metric 5 table 100 src 10.0.0.1 mtu 1400 protocol 201",
    "ip -n red -4 route add default via 10.0.0.254 dev eth0 protocol 201",
  ]);
  expect(steps.map(({ tolerate }) => tolerate)).toEqual([
    ["exists", "failed"],
    ["exists", "failed"],
  ]);
});

describe("a delete", () => {
  const SIBLING = "pulumi-netns:lab/dev:out@89abcdef";
  const OUT = { namespace: "red", destination: "10.7.0.0/16", via: "10.0.0.254" };
  const outputs = { ...args("10.0.0.1/24"), __mark: MARK };
  const looks: Exchange[] = [link(FIRST), [ROUTES, tells([route("10.7.0.0/16")])]];
  const deleted: Exchange[] = [link(FIRST), ["ip -n red address delete 10.0.0.1/24 dev eth0"]];
  const remove = (script: Exchange[], declare: (lives: ReadonlyMap<string, Lifecycle>) => void) =>
    scripted(script, async (kernel) => {
      const lives = lifecycles(kernel);
      declare(lives);
      await lives.get("Address")?.delete("id", outputs);
    });

  test("of an address is refused if the program declares a route that would be deleted with it", async () => {
    const failure = remove(looks, (lives) => lives.get("Route")?.check({}, { ...OUT, __mark: SIBLING }));
    await expect(failure).rejects.toMatchObject({
      name: "NeededError",
      message: `Address red/eth0/10.0.0.1/24 cannot be deleted: the kernel would also delete the route red/inet/10.7.0.0/16/table/254/metric/0 of out
  help: remove that resource from the program as well, or declare what it needs, such as an address in its gateway's network`,
    });
  });

  test("of an address succeeds if the program no longer has the route", () =>
    remove([...looks, ...deleted], (lives) =>
      lives.get("Route")?.check({}, { ...OUT, destination: "10.9.0.0/16", __mark: SIBLING }),
    ));

  test("of an address does not query routes if no program is run", () => remove(deleted, () => undefined));
});
