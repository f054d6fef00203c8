import { expect } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { publicKeyOf } from "../../provider/wire-guard-key.ts";
import type { Sandbox } from "../../tools/sandbox.ts";
import type { Life } from "./example-life.ts";
import { pingOnce, pings } from "./ping.ts";

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
  drifts: [
    {
      what: "a VLAN was removed from the trunk",
      command: "bridge -n sw2 vlan del dev trunk vid 20",
      refresh: ["update Veth trunk"],
      up: ["update Veth trunk"],
    },
  ],
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
  drifts: [
    {
      what: "a peer was removed",
      command: `ip netns exec south wg set wg0 peer ${publicKeyOf(north)} remove`,
      refresh: ["update WireGuard south-wg"],
      up: ["update WireGuard south-wg"],
    },
  ],
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
    await pingOnce(host, "red2", "192.168.0.10", "-Mdo", "-s1472");
    // The fabric cannot be reached from a tenant.
    expect(await pings(host, "red2", "10.0.1.0")).toBe(false);
  },
  drifts: [
    {
      what: "a flood entry for the other leaf was removed",
      command: "bridge -n leaf1 fdb del 00:00:00:00:00:00 dev red-vx dst 10.0.2.1 self",
      refresh: ["update Vxlan red-vx1"],
      up: ["update Vxlan red-vx1"],
    },
  ],
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
  drifts: [
    {
      what: "a member has left the bond",
      command: "ip -n server link set dev eth1 nomaster",
      refresh: ["update Veth cable1"],
      up: ["update Veth cable1"],
    },
  ],
};

/** The lives of the examples with kinds that a small kernel lacks. */
export const linkLives: Readonly<Record<string, Life>> = {
  ...{ "vlan-trunk": vlanTrunk, "wireguard-sites": wireguardSites, "vxlan-fabric": vxlanFabric, bond },
};

/** Returns the number of members of the server's bond that carry packets, as agreed with the switch by LACP. */
async function inUse(host: Sandbox): Promise<number> {
  const members = await host.ip("-n", "server", "-details", "link", "show", "master", "bond0");
  return members.filter(({ linkinfo }) => (linkinfo.info_slave_data.ad_actor_oper_port_state & DISTRIBUTING) !== 0)
    .length;
}

const DISTRIBUTING = 0x20;
