import { afterEach, beforeEach, expect, test } from "vitest";
import {
  Host,
  LabHost,
  type LabHostArgs,
  Lan,
  type LanArgs,
  Link,
  type LinkArgs,
  Router,
  Sysctl,
} from "../../sdk/index.ts";
import { SOON } from "../../tools/sandbox.ts";
import { succeeds } from "../support/edited.ts";
import type { Engine } from "../support/engine.ts";
import { farHostsForAll, openFarEngine } from "../support/far-hosts.ts";
import { pingOnce } from "../support/ping.ts";
import type { BedHost } from "../support/ssh-bed.ts";

const NAMES = ["lab1", "lab2", "lab3"] as const;

let engine: Engine;
let before: string[];

const far = farHostsForAll(...NAMES);
const { traces } = far;

beforeEach(async () => {
  before = await traces();
  engine = openFarEngine({ project: "links", stack: "dev" });
});

afterEach(async () => {
  succeeds(await engine.destroy());
  await expect.poll(traces, SOON).toEqual(before);
});

/** A lab host of the bed with its address. */
const lab = (name: (typeof NAMES)[number], args: LabHostArgs = {}) =>
  new LabHost(name, { address: far.bed.host(name).address, ...args });

const ping = (host: BedHost, from: string, to: string, ...more: string[]) => pingOnce(host, from, to, ...more, "-W2");

/** Checks that packets of the size of an MTU arrive. */
const full = (host: BedHost, from: string, to: string, mtu: number) =>
  ping(host, from, to, "-M", "do", "-s", String(mtu - 28));

/** Drops the tunnels' packets to the former address of a lab host. */
const CLOSED =
  "table ip closed { chain input { type filter hook input priority 0; ip daddr 10.77.0.12 udp dport 14789 drop; }; }";

type Name = (typeof NAMES)[number];

/** Two hosts with a link between them, each on a lab host. */
const joined =
  (right: Name, args: LabHostArgs = {}, more: Partial<LinkArgs> = {}) =>
  () => {
    const lab1 = lab("lab1");
    const a = new Router("left", { host: lab1 });
    const b = new Host("right", { host: right === "lab1" ? lab1 : lab(right, args) });
    new Link("left-right", { a, b, networks: ["10.0.1.0/31", "fd00:1::/127"], gateway: "a", ...more });
  };

test("a Link joins two hosts over VXLAN, and is updated when a node moves and when an address changes", async () => {
  const [lab1, lab2, lab3] = [far.bed.host("lab1"), far.bed.host("lab2"), far.bed.host("lab3")];
  const planned = succeeds(await engine.preview(joined("lab2")));
  expect(planned).toEqual([
    "create Namespace left",
    "create Namespace right",
    "create Sysctl left-forwarding",
    "create Sysctl left-forwarding-v6",
    "create Vxlan left-right-lab1",
    "create Vxlan left-right-lab2",
  ]);
  expect(await far.bed.clients()).toEqual([]);
  expect(succeeds(await engine.up(joined("lab2")))).toEqual(planned);
  await full(lab1, "left", "10.0.1.1", 1450);
  await expect(full(lab1, "left", "10.0.1.1", 1451)).rejects.toThrow(/message too long/);
  await ping(lab2, "right", "fd00:1::");
  expect(await lab2.ip("-n", "right", "route", "show", "default")).toMatchObject([{ gateway: "10.0.1.0" }]);
  const [link] = await lab1.ip("-n", "left", "-details", "link", "show", "left-right");
  expect(link).toMatchObject({
    mtu: 1450,
    linkinfo: { info_kind: "vxlan", info_data: { port: 14_789, local: "10.77.0.11", remote: "10.77.0.12" } },
  });
  expect(succeeds(await engine.up(joined("lab2")))).toEqual([]);
  expect(succeeds(await engine.refresh())).toEqual([]);

  await lab2.run("ip", "-n", "right", "link", "delete", "left-right");
  await lab1.run("ip", "-n", "left", "link", "set", "left-right", "type", "vxlan", "remote", "10.77.0.99");
  expect(succeeds(await engine.refresh())).toEqual(["delete Vxlan left-right-lab2", "update Vxlan left-right-lab1"]);
  succeeds(await engine.up(joined("lab2")));
  await ping(lab1, "left", "10.0.1.1");

  await lab2.run("ip", "address", "add", "10.77.0.22/24", "dev", "eth0");
  const elsewhere = joined("lab2", { address: "10.77.0.22", mtu: 1400 });
  expect(succeeds(await engine.up(elsewhere))).toEqual([
    "update Vxlan left-right-lab1",
    "update Vxlan left-right-lab2",
  ]);
  await lab2.run("nft", CLOSED);
  await full(lab1, "left", "10.0.1.1", 1350);
  await lab2.run("nft", "delete", "table", "closed");

  const [neighbour] = await lab1.ip("-n", "left", "neigh", "show", "to", "10.0.1.1");
  expect(neighbour).toMatchObject({ lladdr: expect.stringMatching(/^02:/) });
  expect(succeeds(await engine.up(joined("lab3")))).toEqual([
    "create Vxlan left-right-lab3",
    "replace Namespace right",
    "update Vxlan left-right-lab1",
  ]);
  await lab2.run("ip", "address", "delete", "10.77.0.22/24", "dev", "eth0");
  await expect.poll(() => lab2.traces(), SOON).toEqual(before[1]);
  // The neighbour entry of the other end remains valid.
  await full(lab1, "left", "10.0.1.1", 1450);
  expect(await lab3.ip("-n", "right", "link", "show", "left-right")).toMatchObject([{ address: neighbour.lladdr }]);

  // On one lab host, the link is a veth pair again, with the same names and addresses.
  succeeds(await engine.up(joined("lab1")));
  await full(lab1, "left", "10.0.1.1", 1500);
  succeeds(await engine.up(joined("lab3")));
  await full(lab1, "left", "10.0.1.1", 1450);
  expect(succeeds(await engine.refresh())).toEqual([]);
});

/** A LAN with the lab hosts that it spans, and its hosts with theirs. */
const office =
  (names: readonly Name[], hosts: Readonly<Record<string, Name>>, more: Partial<LanArgs> = {}) =>
  () => {
    const all = new Map(names.map((name) => [name, lab(name)]));
    const [first] = all.values();
    new Sysctl("forwarding", { namespace: first, key: "net.ipv4.ip_forward", value: 1 });
    const lan = new Lan("office", {
      networks: ["192.168.15.0/24"],
      spans: [...all.values()],
      hosts: Object.entries(hosts).map(([name, host]) => ({ name, host: all.get(host) as LabHost })),
      ...more,
    });
    addresses = Object.fromEntries(Object.entries(lan.hosts).map(([name, host]) => [name, host?.address ?? ""]));
  };
let addresses: Record<string, string> = {};

/** Checks that each host of the LAN reaches all others and the gateway with packets of the size of the MTU. */
async function allReach(hosts: Readonly<Record<string, Name>>, mtu: number): Promise<void> {
  const all = ["192.168.15.1", ...Object.keys(hosts).map((name) => addresses[name] ?? "")];
  for (const [from, at] of Object.entries(hosts))
    await Promise.all(all.map((to) => full(far.bed.host(at), from, to, mtu)));
}

test("a LAN spans three lab hosts without a loop, and is updated when hosts join, move and leave", async () => {
  const [two, three] = [
    { anna: "lab1", ben: "lab2" },
    { anna: "lab1", ben: "lab2", carl: "lab3" },
  ] as const;
  const planned = succeeds(await engine.preview(office(["lab1", "lab2"], two)));
  expect(planned).toEqual([
    "create Bridge office",
    "create Bridge office-lab2",
    "create Namespace anna",
    "create Namespace ben",
    "create Sysctl forwarding",
    "create Veth office-anna",
    "create Veth office-ben",
    "create Vxlan office-lab1",
    "create Vxlan office-lab2",
  ]);
  expect(succeeds(await engine.up(office(["lab1", "lab2"], two)))).toEqual(planned);
  await allReach(two, 1450);

  expect(succeeds(await engine.up(office(["lab1", "lab2", "lab3"], three)))).toEqual([
    "create Bridge office-lab3",
    "create Namespace carl",
    "create Veth office-carl",
    "create Vxlan office-lab3",
    "update Vxlan office-lab1",
    "update Vxlan office-lab2",
  ]);
  await allReach(three, 1450);
  expect(await received("lab3", "carl")).toBeLessThan(200);
  const links = await Promise.all(NAMES.map((name) => far.bed.host(name).ip("link", "show")));
  const mtus = links.flat().filter(({ ifname }) => ifname.startsWith("office"));
  expect(mtus.map(({ mtu }) => mtu)).toEqual(mtus.map(() => 1450));
  expect(mtus).toHaveLength(9);
  expect(succeeds(await engine.refresh())).toEqual([]);
  await far.bed
    .host("lab1")
    .run(...("bridge fdb del 00:00:00:00:00:00 dev office-vxlan dst 10.77.0.13 self".split(" ") as [string]));
  expect(succeeds(await engine.refresh())).toEqual(["update Vxlan office-lab1"]);

  const moved = { ben: "lab3", anna: "lab1", carl: "lab3" } as const;
  expect(succeeds(await engine.up(office(["lab1", "lab2", "lab3"], moved)))).toEqual([
    "replace Namespace ben",
    "replace Veth office-ben",
    "update Vxlan office-lab1",
  ]);
  await allReach(moved, 1450);

  const alone = { anna: "lab1" } as const;
  const left = succeeds(await engine.up(office(["lab1"], alone, { mtu: 1500 })));
  expect(left.filter((step) => !step.startsWith("delete "))).toEqual([
    "update Bridge office",
    "update Veth office-anna",
  ]);
  await expect.poll(() => far.bed.host("lab3").traces(), SOON).toEqual(before[2]);
  await allReach(alone, 1500);
  expect(succeeds(await engine.refresh())).toEqual([]);
});

/** Returns how many packets have arrived at a host of the LAN. */
async function received(at: Name, host: string): Promise<number> {
  const [link] = await far.bed.host(at).ip("-n", host, "-statistics", "link", "show", "dev", "office");
  return link.stats64.rx.packets;
}
