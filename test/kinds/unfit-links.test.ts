// @kernel bond, dummy, geneve, ipvlan, tunnel, vlan, vrf, wireguard
import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { stride } from "../support/turns.ts";

/* The kernel rejects the links that the checks about parents and masters report, and accepts the others. */

labForEachTest();

type Declared = readonly [type: string, args: { readonly name: string; readonly [argument: string]: unknown }];

const dummy = (more: object = {}): Declared => ["Dummy", { name: "p", ...more }];
const bridge: Declared = ["Bridge", { name: "br0" }];
const bond = (mode: string): Declared => ["Bond", { name: "bond0", mode }];
const vrf = (name: string, table: number, more: object = {}): Declared => ["Vrf", { name, table, ...more }];
const tun: Declared = ["Tun", { name: "p" }];
const child = (type: string, more: object = {}): Declared => [
  type,
  { name: `c-${type}`, link: "p", ...(type === "Vlan" && { vid: 10 }), ...more },
];
const ON_PARENT = ["Macvlan", "Macvtap", "Ipvlan"];
const INVALID = "Invalid argument";
const MAC = { mac: "02:00:00:00:00:0a" };
const TOO_LARGE = "an mtu that the link cannot have";
const UNFIT = "the master cannot have a link of this kind";
const BUSY = "Device or resource busy";

const PACKETS: readonly Declared[] = [
  tun,
  vrf("p", 10),
  ["WireGuard", { name: "p", privateKey: Buffer.alloc(32, 8).toString("base64") }],
  ["Tunnel", { name: "p", mode: "gre", local: "10.0.0.1", remote: "10.0.0.2" }],
  ["Tunnel", { name: "p", mode: "sit", local: "10.0.0.1", remote: "10.0.0.2" }],
  ["Tunnel", { name: "p", mode: "ip6tnl", local: "fd00::1", remote: "fd00::2" }],
];
const FRAMES: readonly Declared[] = [
  ["Tunnel", { name: "p", mode: "gretap", local: "10.0.0.1", remote: "10.0.0.2" }],
  ["Geneve", { name: "p", vni: 1, remote: "10.0.0.2" }],
  ["Vxlan", { name: "p", vni: 1 }],
  ["Tap", { name: "p" }],
  ["Ifb", { name: "p" }],
  ["Bridge", { name: "p" }],
  ["Bond", { name: "p", mode: "active-backup" }],
];

const refused: (readonly [check: string, lab: readonly Declared[], answer: string, tried?: number])[] = [
  ...PACKETS.flatMap(
    (parent) =>
      [
        ["unfit-parent", [parent, child("Vlan")], "VLANs not supported on device"],
        ["unfit-parent", [parent, ...ON_PARENT.map((type) => child(type))], INVALID, ON_PARENT.length],
      ] as const,
  ),
  ...[bridge, bond("active-backup")].map((master) => {
    const member = dummy({ master: master[1].name });
    const all = [master, member, ...ON_PARENT.map((type) => child(type))];
    return ["unfit-parent", all, BUSY, ON_PARENT.length] as const;
  }),
  ["unfit-parent", [dummy(), child("Macvlan"), child("Ipvlan")], BUSY],
  ["unfit-parent", [dummy(), child("Ipvlan"), child("Macvtap")], BUSY],
  ["unfit-parent", [dummy(MAC), child("Macvlan", MAC)], "Address already in use"],
  ["unfit-parent", [dummy(), child("Macvtap"), child("Ipvlan", { link: "c-Macvtap" })], BUSY],
  ["unfit-parent", [dummy(), child("Ipvlan"), child("Macvlan", { link: "c-Ipvlan" })], INVALID],
  ...["Vlan", "Macvlan", "Macvtap"].map(
    (type) => ["parent-mtu", [dummy(), child(type, { mtu: 1501 })], TOO_LARGE] as const,
  ),
  ["parent-mtu", [bridge, child("Vlan", { link: "br0", mtu: 9000 })], TOO_LARGE],
  ["parent-down", [dummy({ up: false }), child("Vlan")], "Network is down"],
  ["unfit-port", [bridge, ["Tun", { name: "t", master: "br0" }]], INVALID],
  ["unfit-port", [bridge, ["Bridge", { name: "br1", master: "br0" }]], "Can not enslave a bridge to a bridge"],
  ["unfit-port", [bridge, dummy(), child("Macvtap", { master: "br0" })], BUSY],
  ["unfit-port", [bond("balance-rr"), dummy(), child("Macvtap", { master: "bond0" })], "Device is in use"],
  ["unfit-port", [bond("balance-rr"), dummy(), child("Ipvlan", { master: "bond0" })], UNFIT],
  ["unfit-port", [bond("active-backup"), dummy(), child("Ipvlan", { master: "bond0" })], INVALID],
  ["unfit-port", [bond("balance-rr"), ["Tun", { name: "t", master: "bond0" }]], UNFIT],
  ["unfit-port", [bond("balance-rr"), vrf("v", 9, { master: "bond0" })], "cannot be enslaved"],
  ["unfit-port", [bond("802.3ad"), ["Tun", { name: "t", master: "bond0" }]], "requires Ethernet devices"],
  ["unfit-port", [vrf("w", 10), vrf("v", 9, { master: "w" })], "Can not enslave an L3 master device"],
  ["ignored-by-master", [vrf("v", 9), dummy({ master: "v", port: { isolated: true } })], "Operation not supported"],
];

const accepted: (readonly Declared[])[] = [
  ...FRAMES.map((parent) => [parent, child("Vlan"), child("Macvlan"), child("Macvtap")]),
  ...FRAMES.slice(0, 2).map((parent) => [parent, child("Ipvlan")]),
  [bridge, dummy({ master: "br0" }), child("Vlan")],
  [bond("active-backup"), dummy({ master: "bond0" }), child("Vlan")],
  [vrf("v", 9), dummy({ master: "v" }), child("Macvlan")],
  [dummy(), child("Macvlan"), child("Macvtap"), child("Ipvlan", { link: "c-Macvlan" })],
  [dummy({ mtu: 9000 }), ...["Vlan", "Macvlan"].map((type) => child(type, { mtu: 9000 }))],
  [dummy({ up: false }), child("Macvlan"), child("Vlan", { looseBinding: true })],
  [dummy({ up: false }), child("Ipvlan")],
  [vrf("v", 9), ["Bridge", { name: "br0", master: "v" }]],
  [bond("active-backup"), ["Tun", { name: "t", master: "bond0" }]],
];

/** Returns every ninth case, or all of them in a soak: each case has its own sandbox. */
const some = <T>(cases: readonly T[]): T[] => cases.filter((_, index) => index % stride(9) === 0);

const found = (resources: readonly Declared[]) =>
  runChecks(resources.map(([type, args]) => ({ type, name: args.name, args }))).map(({ check }) => check);
const inWords = (resources: readonly Declared[]) =>
  resources.map(([type, { name: _name, ...args }]) => `${type} ${JSON.stringify(args)}`).join(", ");

async function create(resources: readonly Declared[]): Promise<void> {
  for (const [type, args] of resources) await lab.resource(type, args.name).up(args);
}

test.each(
  some(refused).map(([check, all, answer, tried = 1]) => ({
    ...{ check, answer, words: inWords(all) },
    ...{ ground: all.slice(0, -tried), tries: all.slice(-tried) },
  })),
)("a check reports, and the kernel rejects: $words", async ({ check, answer, ground, tries }) => {
  await create(ground);
  for (const one of tries) {
    expect(found([...ground, one])).toEqual([check]);
    await expect(create([one])).rejects.toThrow(answer);
  }
});

test.each(some(accepted).map((one) => [inWords(one), one] as const))(
  "no check reports, and the kernel accepts: %s",
  async (_, all) => {
    expect(found(all)).toEqual([]);
    await create(all);
  },
);
