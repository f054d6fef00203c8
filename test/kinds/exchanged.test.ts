import { expect, test } from "vitest";
import {
  Address,
  FdbEntry,
  FilterChain,
  NatRule,
  Neighbor,
  Nexthop,
  Route,
  RoutingRule,
  Sysctl,
} from "../../sdk/index.ts";
import { edit, host, labHostForEachTest } from "../support/edited.ts";
import { type WiredNamespace, wiredNamespace } from "../support/wired-namespace.ts";

/*
 * Resources that exchange all their arguments: each object is then that of another resource, and none is lost or left.
 */

labHostForEachTest();

type Declare = (name: string, index: number, on: WiredNamespace) => void;

const KEYS = ["ip_default_ttl", "tcp_keepalive_intvl", "tcp_keepalive_probes"];

/** For each kind: a resource whose arguments are those of an index from 0 to 2, and a command that shows all objects in the namespace. */
const KINDS: readonly (readonly [kind: string, declare: Declare, show: string])[] = [
  [
    "RoutingRule",
    (name, index, { red }) =>
      new RoutingRule(name, { namespace: red, priority: 500 + index, from: `10.99.0.${index}`, table: 100 + index }),
    "ip rule show",
  ],
  [
    "Neighbor",
    (name, index, { wire }) =>
      new Neighbor(name, { interface: wire.a, address: `10.0.0.${10 + index}`, lladdr: `02:00:00:00:00:0${index}` }),
    "ip neigh show nud permanent",
  ],
  [
    "FdbEntry",
    (name, index, { wire }) => new FdbEntry(name, { interface: wire.b, lladdr: `02:00:00:00:01:0${index}` }),
    "bridge fdb show dev port static",
  ],
  [
    "Nexthop",
    (name, index, { wire }) => new Nexthop(name, { nhid: 10 + index, interface: wire.a, via: `10.0.0.${20 + index}` }),
    "ip nexthop show",
  ],
  [
    "Route",
    (name, index, { red, wire }) =>
      new Route(
        name,
        { namespace: red, destination: `10.${index}.0.0/16`, via: `10.0.0.${30 + index}`, metric: 5 + index },
        { dependsOn: wire },
      ),
    "ip route show proto 201",
  ],
  [
    "Address",
    (name, index, { wire }) => new Address(name, { interface: wire.a, address: `10.5.${index}.1/24` }),
    "ip -br address show dev eth0 to 10.5.0.0/16",
  ],
  [
    "Sysctl",
    (name, index, { red }) =>
      new Sysctl(name, {
        namespace: red,
        key: `net.ipv4.${KEYS[index]}`,
        value: 20 + index,
      }),
    `sysctl ${KEYS.map((key) => `net.ipv4.${key}`).join(" ")}`,
  ],
  [
    "FilterChain",
    (name, index, { red }) =>
      new FilterChain(name, {
        namespace: red,
        chain: (["input", "forward", "output"] as const)[index] ?? "input",
        rules: [{ protocol: "tcp", destinationPort: 20 + index, action: "drop" }],
      }),
    "nft --stateless list ruleset",
  ],
];

test.each(KINDS)("three resources of kind %s exchange their arguments", async (_kind, declare, show) => {
  const lab = (names: readonly (string | undefined)[]) => () => {
    const on = wiredNamespace();
    for (const [index, name] of names.entries()) if (name !== undefined) declare(name, index, on);
  };
  const shown = async () => {
    const text = await host.run("ip", "netns", "exec", "red", ...show.split(" "));
    // The comment of a chain names its resource.
    return text
      .replaceAll(/comment "[^"]*"/g, "")
      .split("\n")
      .sort();
  };

  await edit(lab(["x", "y", "z"]));
  const all = await shown();
  for (const names of [
    ["y", "x", "z"],
    ["x", "z", "y"],
  ]) {
    await edit(lab(names));
    expect(await shown(), names.join(" ")).toEqual(all);
  }
  // One resource goes, and another one takes over its arguments.
  await edit(lab(["y", "z", undefined]));
  const two = await shown();
  expect(two).not.toEqual(all);
  await edit(lab(["z", "x", undefined]));
  expect(await shown()).toEqual(two);
});

test("two NAT rules exchange their arguments, and keep the order of the program", async () => {
  const lab = (names: readonly string[]) => () => {
    const { red } = wiredNamespace();
    for (const [index, name] of names.entries())
      new NatRule(name, { namespace: red, type: "masquerade", source: `10.${index}.0.0/16`, outInterface: "eth0" });
  };
  const rules = async () =>
    (await host.run("ip", "netns", "exec", "red", "nft", "--stateless", "list", "ruleset")).match(/saddr \S+/g);
  await edit(lab(["x", "y", "z"]));
  for (const names of [
    ["y", "x", "z"],
    ["x", "z", "y"],
  ]) {
    await edit(lab(names));
    expect(await rules()).toEqual(["saddr 10.0.0.0/16", "saddr 10.1.0.0/16", "saddr 10.2.0.0/16"]);
  }
});

test.each([
  ["the objects", (nexthop: Nexthop) => ({ nexthop })],
  ["their outputs", ({ nhid }: Nexthop) => ({ nhid })],
  ["their numbers", (_: Nexthop, nhid: number) => ({ nhid })],
])("two members of a group exchange their numbers, and a route over the group stays, by %s", async (_by, refer) => {
  const lab = (one: number, other: number) => () => {
    const { red, wire } = wiredNamespace();
    const left = new Nexthop("left", { nhid: one, interface: wire.a, via: "10.0.0.20" });
    const right = new Nexthop("right", { nhid: other, interface: wire.a, via: "10.0.0.21" });
    const group = [{ ...refer(left, one), weight: 4 }, refer(right, other)];
    const both = new Nexthop("both", { namespace: red, nhid: 30, group });
    new Route("over", { namespace: red, destination: "10.9.0.0/24", ...refer(both, 30) });
  };
  const nexthops = () => host.run("ip", "-n", "red", "route", "show", "10.9.0.0/24");
  await edit(lab(1, 2));
  for (const [one, other] of [
    [2, 1],
    [1, 3],
  ] as const) {
    await edit(lab(one, other));
    expect(await nexthops()).toMatch(/^10\.9\.0\.0\/24 nhid 30 proto 201/);
    expect(await host.ip("-n", "red", "nexthop", "show", "id", "30")).toMatchObject([
      { group: expect.arrayContaining([{ id: one, weight: 4 }]) },
    ]);
  }
});
