import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import { kindOf } from "../../provider/kind-of.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { markOf } from "../../provider/owner.ts";
import type { Properties } from "../../provider/properties.ts";
import { changes } from "../../provider/schema.ts";
import { type Lab, openLab } from "../support/lab.ts";

let lab: Lab;
let lives: ReadonlyMap<string, Lifecycle>;

beforeEach(async () => {
  lab = await openLab();
  lives = lifecycles(linux(lab.enter, lab.root));
});
afterEach(() => lab[Symbol.asyncDispose]());

const of = (type: string) => lives.get(type) as Lifecycle;
const mark = (name: string, stack = "dev") => markOf({ project: "test", stack, name, urn: `urn:${stack}:${name}` });
const by = (line: string) => lab.run(...(line.split(" ") as [string, ...string[]]));

/** The commands that create the lab of the article by hand. */
const TYPED = [
  "ip netns add red",
  "ip -n red link set lo up",
  "ip link add v-net-0 type bridge",
  "ip link set v-net-0 up",
  "ip address add 192.168.15.5/24 dev v-net-0",
  "ip link add veth-red netns red type veth peer name veth-red-br",
  "ip link set veth-red-br master v-net-0 up",
  "ip -n red address add 192.168.15.1/24 dev veth-red",
  "ip -n red address add fd00:15::1/64 dev veth-red nodad",
  "ip -n red link set veth-red mtu 1400 up",
  "ip -n red route add default via 192.168.15.5",
  "ip -n red route add 10.0.0.0/8 via 192.168.15.5",
  "ip -n red route add 10.67.0.0/16 dev veth-red",
  "ip -n red route add 10.66.0.0/16 via 192.168.15.5 metric 50 table 100",
  "sysctl -qw net.ipv4.ip_forward=1",
];

interface Case {
  readonly type: string;
  readonly id: string;
  readonly inputs: object;
  /** Returns the mark that the first update writes. */
  readonly marked: (name: string) => Promise<unknown>;
  /** The words of `ip` that show whether the object exists. */
  readonly look: readonly string[];
}

const alias =
  (...where: string[]) =>
  async () =>
    (await lab.ip("-details", ...where))[0]?.ifalias as unknown;

const cases: Case[] = [
  {
    type: "Namespace",
    id: "red",
    inputs: { name: "red" },
    marked: alias("-n", "red", "link", "show", "lo"),
    look: ["netns"],
  },
  {
    type: "Bridge",
    id: "v-net-0",
    inputs: { name: "v-net-0", addresses: ["192.168.15.5/24"], mac: expect.any(String) },
    marked: alias("link", "show", "v-net-0"),
    look: ["address", "show", "v-net-0"],
  },
  {
    type: "Veth",
    id: "red/veth-red:veth-red-br",
    inputs: {
      a: {
        name: "veth-red",
        namespace: "red",
        mac: expect.any(String),
        mtu: 1400,
        addresses: ["192.168.15.1/24", "fd00:15::1/64"],
        gateways: ["192.168.15.5"],
      },
      b: { name: "veth-red-br", master: "v-net-0", mac: expect.any(String) },
    },
    marked: alias("link", "show", "veth-red-br"),
    look: ["-n", "red", "address", "show", "veth-red"],
  },
];

const cold = async () => {
  for (const line of TYPED) await by(line);
};

/** Returns the settings of all links and the routes, without marks and values that change by themselves. */
async function settings(): Promise<unknown> {
  const places = [[], ["-n", "red"]];
  const links = await Promise.all(places.map((place) => lab.ip(...place, "-details", "address", "show")));
  const routes = await Promise.all(places.map((place) => lab.ip(...place, "route", "show")));
  return {
    links: links.flat().map(({ ifname, address, mtu, master, flags, addr_info: addresses }) => ({
      ...{ ifname, address, mtu, master, up: flags.includes("UP") },
      addresses: addresses.map(({ local, prefixlen }: any) => `${local}/${prefixlen}`),
    })),
    routes: routes.flat().map(({ dst, gateway, dev }) => ({ dst, gateway, dev })),
    forwarding: await lab.run("sysctl", "-n", "net.ipv4.ip_forward"),
  };
}

test.each(cases)(
  "a $type that was created by hand is imported, its first update changes only the mark, and a delete removes it",
  async ({ type, id, inputs, marked, look }) => {
    await cold();
    const before = await settings();
    const found = await of(type).import(id, mark(type));
    expect(found).toMatchObject({ id, props: { __mark: "" } });
    expect(found.inputs).toEqual(inputs);
    expect(await settings()).toEqual(before);

    const wanted = { ...of(type).check({}, { ...found.inputs, __mark: mark(type) }).inputs } as Properties;
    expect(changes(kindOf(type).schema, found.props, wanted)).toEqual([]);
    expect(of(type).diff(id, found.props as Properties, wanted)).toMatchObject({ changes: true, replaces: [] });
    const { outs } = await of(type).update(id, found.props as Properties, wanted);
    expect(await marked(type)).toBe(mark(type));
    expect(await settings()).toEqual(before);
    expect(of(type).diff(id, outs as Properties, wanted)).toMatchObject({ changes: false });
    expect(await of(type).read(id, outs as Properties)).toMatchObject({ id });

    await of(type).delete(id, outs as Properties);
    expect(JSON.stringify((await lab.try("ip", ...look)).stdout)).not.toContain(id.split(/[/:]/)[0]);
  },
);

test.each([
  ["Address", "red/veth-red/192.168.15.1/24", { interface: "veth-red", namespace: "red", address: "192.168.15.1/24" }],
  [
    "Route",
    "red/inet/10.0.0.0/8/table/254/metric/0",
    { namespace: "red", destination: "10.0.0.0/8", via: "192.168.15.5" },
  ],
  ["Route", "red/inet/default/table/254/metric/0", { namespace: "red", destination: "default", via: "192.168.15.5" }],
  [
    "Route",
    "red/inet/10.66.0.0/16/table/100/metric/50",
    { namespace: "red", destination: "10.66.0.0/16", via: "192.168.15.5", table: 100, metric: 50 },
  ],
  [
    "Route",
    "red/inet/10.67.0.0/16/table/254/metric/0",
    { namespace: "red", destination: "10.67.0.0/16", interface: "veth-red" },
  ],
  ["Sysctl", "net.ipv4.ip_forward", { key: "net.ipv4.ip_forward", value: "1" }],
])("a %s is imported by its id %s", async (type, id, inputs) => {
  await cold();
  const found = await of(type).import(id, mark(type));
  expect(found.inputs).toEqual(inputs);
  expect(found.id).toBe(id);
  const wanted = { ...of(type).check({}, { ...found.inputs, __mark: mark(type) }).inputs } as Properties;
  const { outs } = await of(type).update(id, found.props as Properties, wanted);
  expect(await of(type).read(id, outs as Properties)).toMatchObject({ id, inputs: wanted });
});

describe("an import is refused", () => {
  test.each([
    ["Namespace", "blue", "Namespace blue does not exist"],
    ["Bridge", "lo", "Bridge lo does not exist"],
    ["Veth", "red/veth-red:other", "does not exist"],
    ["Address", "lo", "Address lo cannot be imported"],
    ["Address", "lo/10.9.9.9/8", "Address lo/10.9.9.9/8 does not exist"],
    ["NatRule", "some", "NatRule some cannot be imported"],
    ["Process", "some", "Process some cannot be imported"],
  ])("of the %s %s", async (type, id, message) => {
    await expect(of(type).import(id, mark("it"))).rejects.toThrow(message);
  });

  test("of an object of another stack, but not of one of this stack", async () => {
    await lab.resource("Bridge", "lan", "prod").up({ name: "br0" });
    await expect(of("Bridge").import("br0", mark("lan"))).rejects.toThrow("belongs to the stack test/prod");
    const found = await of("Bridge").import("br0", mark("lan", "prod"));
    expect(found.props).toMatchObject({ __mark: expect.stringContaining("test/prod:lan@") as string });
  });
});
