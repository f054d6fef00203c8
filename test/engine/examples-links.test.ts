// @kernel bond, netem, vlan, vlan-filtering, vrf, wireguard
import { afterAll, beforeAll, expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { publicKeyOf } from "../../provider/wire-guard-key.ts";
import { type Sandbox, SOON, traces } from "../../tools/sandbox.ts";
import { example, type Stack } from "../../tools/stack.ts";
import { configured, type KernelHost, openKernelHost } from "../support/vm/kernel-host.ts";

/*
 * The examples with kinds that a small kernel lacks: the engine, the program and the provider run on this machine, and the lab is on a lab
 * host whose kernel has them.
 */

let kernel: KernelHost;

beforeAll(async () => {
  kernel = await openKernelHost();
});

afterAll(() => kernel[Symbol.asyncDispose]());

interface Life {
  readonly config?: Readonly<Record<string, string>>;
  /** Checks the lab. */
  readonly works: (host: Sandbox) => Promise<void>;
  /** A command that causes drift, and the step of the `up --refresh` that corrects it. */
  readonly damage: string;
  readonly mends: string;
  /** Checks the part of the lab that the drift has affected. */
  readonly isMended: (host: Sandbox) => Promise<void>;
}

const pings = async (host: Sandbox, from: string, to: string, ...words: string[]) =>
  (await host.try("ip", "netns", "exec", from, "ping", "-c1", "-W1", ...words, to)).code === 0;

/** Expects an answer, immediately or after the links have agreed with their neighbours. */
const reaches = (host: Sandbox, from: string, to: string) =>
  expect.poll(() => pings(host, from, to), { timeout: 30_000, message: `${from} reaches ${to}` }).toBe(true);

/** Returns the TTL of the answer, which each router on the path has decreased by one. */
const ttlOf = async (host: Sandbox, from: string, to: string) =>
  Number(/ttl=(\d+)/.exec(await host.run("ip", "netns", "exec", from, "ping", "-c1", "-W2", to))?.[1]);

/** Returns the places and the notes of a traced path. */
async function traced(host: Sandbox, from: string, to: string) {
  const { there, outcome } = await trace(labHost(host.enter), from, to);
  expect(outcome).toEqual({ kind: "answered" });
  return { places: there.map(({ place }) => place), notes: there.flatMap(({ notes }) => notes) };
}

const vlanTrunk: Life = {
  async works(host) {
    expect(await traced(host, "anna", "10.0.20.12")).toMatchObject({ places: ["anna", "router", "dan"] });
    await reaches(host, "anna", "10.0.10.12");
    await reaches(host, "ben", "10.0.20.12");
    await reaches(host, "anna", "10.0.20.12");
    expect([await ttlOf(host, "anna", "10.0.10.12"), await ttlOf(host, "anna", "10.0.20.12")]).toEqual([64, 63]);
  },
  // A VLAN was removed from the trunk.
  damage: "bridge -n sw2 vlan del dev trunk vid 20",
  mends: "update Veth trunk",
  isMended: (host) => reaches(host, "anna", "10.0.20.12"),
};

const [north, south] = [8, 16].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string];

const wireguardSites: Life = {
  config: { northKey: north, southKey: south },
  async works(host) {
    await reaches(host, "north-host", "192.168.2.2");
    expect(await traced(host, "north-host", "192.168.2.2")).toEqual({
      places: ["north-host", "north", "south", "south-host"],
      notes: ["in the wireguard tunnel wg0 to 203.0.113.10, out by wan of north to 203.0.113.5"],
    });
    await reaches(host, "south-host", "192.168.1.2");
    expect(await pings(host, "internet", "192.168.1.2")).toBe(false);
  },
  // A peer was removed.
  damage: `ip netns exec south wg set wg0 peer ${publicKeyOf(north)} remove`,
  mends: "update WireGuard south-wg",
  isMended: (host) => reaches(host, "north-host", "192.168.2.2"),
};

const vxlanFabric: Life = {
  async works(host) {
    for (const tenant of ["red", "blue"]) {
      await reaches(host, `${tenant}2`, "192.168.0.10");
      await reaches(host, `${tenant}2`, "192.168.1.10");
      await reaches(host, `${tenant}-server`, "192.168.0.20");
    }
    expect(await traced(host, "red2", "192.168.1.10")).toEqual({
      places: ["red2", "leaf1", "red-server"],
      notes: ["in the vxlan tunnel red-vx to 10.0.1.1, out by spine of leaf2 to 10.0.2.0"],
    });
    // A full packet of the tenant fits into a packet of the fabric.
    expect(await pings(host, "red2", "192.168.0.10", "-Mdo", "-s1472")).toBe(true);
    // The fabric cannot be reached from a tenant.
    expect(await pings(host, "red2", "10.0.1.0")).toBe(false);
  },
  // A flood entry for the other leaf was removed.
  damage: "bridge -n leaf1 fdb del 00:00:00:00:00:00 dev red-vx dst 10.0.2.1 self",
  mends: "update Vxlan red-vx1",
  isMended: (host) => reaches(host, "red2", "192.168.0.10"),
};

const bond: Life = {
  async works(host) {
    // Both ends agree on the members within some seconds.
    await expect.poll(() => inUse(host), { timeout: 120_000 }).toBe(2);
    await reaches(host, "server", "10.0.0.1");
    expect(await traced(host, "server", "10.0.0.1")).toMatchObject({ places: ["server", "switch"] });
    for (const port of ["port1", "port2"]) {
      await host.run("ip", "-n", "switch", "link", "set", "dev", port, "down");
      await reaches(host, "server", "10.0.0.1");
      await host.run("ip", "-n", "switch", "link", "set", "dev", port, "up");
      await expect.poll(() => inUse(host), { timeout: 30_000 }).toBe(2);
    }
  },
  // A member has left the bond.
  damage: "ip -n server link set dev eth1 nomaster",
  mends: "update Veth cable1",
  isMended: (host) => expect.poll(() => inUse(host), { timeout: 120_000 }).toBe(2),
};

/** Returns the number of members of the server's bond that carry packets, as agreed with the switch by LACP. */
async function inUse(host: Sandbox): Promise<number> {
  const members = await host.ip("-n", "server", "-details", "link", "show", "master", "bond0");
  return members.filter(({ linkinfo }) => (linkinfo.info_slave_data.ad_actor_oper_port_state & DISTRIBUTING) !== 0)
    .length;
}

const DISTRIBUTING = 0x20;

/** Opens the stack of an example on the lab host, runs a function, destroys the stack, and expects that nothing is left. */
async function live(name: string, part: (kernel: KernelHost, stack: Stack) => Promise<void>): Promise<void> {
  const { host, openStack } = kernel;
  const before = await traces(host);
  await using stack = await openStack(example(name));
  await part(kernel, stack);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
}

test.each(
  Object.entries({ "vlan-trunk": vlanTrunk, "wireguard-sites": wireguardSites, "vxlan-fabric": vxlanFabric, bond }),
)(
  "example %s: up, drift, up --refresh and destroy, which leaves nothing",
  (name, { config = {}, works, damage, mends, isMended }) =>
    live(name, async ({ host, flags }, stack) => {
      await stack.up(...flags, ...configured(config));
      await works(host);
      const [program = "", ...args] = damage.split(" ");
      await host.run(program, ...args);
      expect(await stack.up("--refresh")).toEqual([mends]);
      await isMended(host);
      expect(await stack.up()).toEqual([]);
    }),
);

test("the example wan: a ping has the delay four times, and a change of the delay drops no packet", () =>
  live("wan", async ({ host, flags }, stack) => {
    await stack.up(...flags, ...configured({ delay: "20ms", loss: "0%", rate: "10mbit" }));
    const to = await stack.output("south");
    const ping = (...words: string[]) => host.run("ip", "netns", "exec", "north-host", "ping", "-q", ...words, to);
    const shortest = async (...words: string[]) => Number(/= ([\d.]+)\//.exec(await ping("-c3", ...words))?.[1]);
    await ping("-c1", "-w20");
    const quick = await shortest("-i0.2");
    expect(quick).toBeGreaterThan(79);
    expect(quick).toBeLessThan(160);

    const words = ["ip", "netns", "exec", "north-host", "ping", "-q", "-i0.3", "-w60", to];
    const running = host.run("sh", "-c", 'echo $$ >/run/ping.pid; exec "$@"', "sh", ...words);
    expect(await stack.up(...configured({ delay: "80ms" }))).toEqual([
      "update Veth north-uplink",
      "update Veth south-uplink",
    ]);
    expect(await shortest()).toBeGreaterThan(319);
    await host.run("sh", "-c", "kill -s INT $(cat /run/ping.pid)");
    const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(await running) ?? [];
    expect(Number(sent)).toBeGreaterThan(5);
    // The last two pings may not be answered yet.
    expect(Number(sent) - Number(received)).toBeLessThan(3);
    expect(await stack.up("--refresh")).toEqual([]);
  }));
