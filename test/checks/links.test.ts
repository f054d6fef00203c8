import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, each, one, veth } from "./pieces.ts";

const port = (master: string) => veth({ name: `to-${master}`, master }, { name: `far-${master}` });
const child =
  (type: string) =>
  (name: string, link: string, more: object = {}) =>
    one(type, { name, link, ...more });
const [macvlan, macvtap, ipvlan] = [child("Macvlan"), child("Macvtap"), child("Ipvlan")];
const vlan = (name: string, link: string, more: object = {}) => one("Vlan", { name, link, vid: 10, ...more });
const MAC = { mac: "02:00:00:00:00:0a" };
const dummy = (name: string, more: object = {}) => one("Dummy", { name, ...more });
const bond = one("Bond", { name: "b", mode: "active-backup" });
const tagged = (name: string, vlans: (string | number | null)[]) =>
  veth({ name: `far-${name}` }, { name, master: "x", port: { vlans } });
const member = (name: string) => veth({ name, master: "b" }, { name: `far-${name}` });

const cases: Case[] = [
  ["a bridge with STP and a port", [bridge("x", { stp: true }), port("x")], ["stp-delay"]],
  ["a bridge with STP, without a port", [bridge("x", { stp: true })], []],
  ["a bridge with STP and a forward delay", [bridge("x", { stp: true, forwardDelay: 15 }), port("x")], []],
  ["a bridge with an unknown forward delay", [bridge("x", { stp: true, forwardDelay: null }), port("x")], []],
  ["a bridge without STP", [bridge("x"), port("x")], []],
  ["a bridge with an unknown STP setting", [bridge("x", { stp: null }), port("x")], []],
  ["a child of an end", [veth({ name: "x" }, { name: "y" }), macvlan("mv0", "x")], []],
  ["a child of a bridge", [bridge("x"), port("x"), macvlan("mv0", "x")], []],
  ["a child of a port", [bridge("x"), port("x"), macvlan("mv0", "to-x")], ["unfit-parent"]],
  ["a tap on a port", [bridge("x"), port("x"), one("Macvtap", { name: "t", link: "to-x" })], ["unfit-parent"]],
  ["a tunnel over a port", [bridge("x"), port("x"), one("Vxlan", { name: "v", vni: 1, dev: "to-x" })], []],
  [
    "a child of a child",
    [veth({ name: "x" }, { name: "y" }), macvlan("mv0", "x"), macvlan("mv1", "mv0")],
    ["unfit-parent"],
  ],
  [
    "a child of a link of the same name in another namespace",
    [bridge("x"), port("x"), macvlan("mv0", "to-x", { namespace: "n", linkNamespace: "n" })],
    [],
  ],
  ["a VLAN of a tun", [one("Tun", { name: "t" }), one("Vlan", { name: "v", link: "t", vid: 10 })], ["unfit-parent"]],
  ["a child of a tun", [one("Tun", { name: "t" }), macvlan("mv0", "t")], ["unfit-parent"]],
  ["a child of a bond's member", [bond, member("x"), macvlan("mv0", "x")], ["unfit-parent"]],
  ["a VLAN of a bond's member", [bond, member("x"), vlan("v", "x")], []],
  ["a child of a VRF's member", [one("Vrf", { name: "b", table: 9 }), member("x"), macvlan("mv0", "x")], []],
  ["two kinds of children on one link", [dummy("x"), macvlan("mv0", "x"), ipvlan("iv0", "x")], ["unfit-parent"]],
  ["two kinds of children of one driver", [dummy("x"), macvlan("mv0", "x"), macvtap("mt0", "x")], []],
  ["two kinds of children on two links", [dummy("x"), dummy("y"), macvlan("mv0", "x"), ipvlan("iv0", "y")], []],
  ["an ipvlan on a macvlan", [dummy("x"), macvlan("mv0", "x"), ipvlan("iv0", "mv0")], []],
  ["an ipvlan on a macvtap", [dummy("x"), macvtap("mt0", "x"), ipvlan("iv0", "mt0")], ["unfit-parent"]],
  ["a macvlan on an ipvlan", [dummy("x"), ipvlan("iv0", "x"), macvlan("mv0", "iv0")], ["unfit-parent"]],
  ["a child with the MAC address of its parent", [dummy("x", MAC), macvlan("mv0", "x", MAC)], ["unfit-parent"]],
  [
    "a child with the MAC address of its parent, while it is down",
    [dummy("x", MAC), macvlan("mv0", "x", { ...MAC, up: false })],
    [],
  ],
  ["a child with an unknown MAC address", [dummy("x", MAC), macvlan("mv0", "x", { mac: null })], []],
  ["a VLAN with the MAC address of its parent", [dummy("x", MAC), vlan("v", "x", MAC)], []],
  ["a link on itself", [macvlan("mv0", "mv0"), vlan("v", "v", { addresses: ["10.0.0.1/24"] })], ["unfit-parent"]],

  ["a VLAN with the MTU of its parent", [dummy("x"), vlan("v", "x", { mtu: 1500 })], []],
  ["a VLAN with a larger MTU than its parent", [dummy("x"), vlan("v", "x", { mtu: 1501 })], ["parent-mtu"]],
  [
    "a VLAN with a larger MTU than a veth's end",
    [veth({ name: "x" }, { name: "y" }), vlan("v", "x", { mtu: 9000 })],
    ["parent-mtu"],
  ],
  ["a VLAN whose parent has a larger MTU", [dummy("x", { mtu: 9000 }), vlan("v", "x", { mtu: 9000 })], []],
  ["a VLAN of an unknown parent", [vlan("v", "eth0", { mtu: 9000 })], []],
  ["a VLAN of a hardware interface", [one("Nic", { name: "n", from: "n" }), vlan("v", "n", { mtu: 9000 })], []],
  ["a macvlan with a larger MTU than its parent", [dummy("x"), macvlan("m", "x", { mtu: 1501 })], ["parent-mtu"]],
  ["an ipvlan with a larger MTU than its parent", [dummy("x"), ipvlan("m", "x", { mtu: 1501 })], ["parent-mtu"]],
  [
    "a VLAN with a larger MTU than the parent of its parent",
    [dummy("x", { mtu: 1400 }), vlan("v", "x"), vlan("w", "v", { mtu: 1500 })],
    ["parent-mtu"],
  ],
  [
    "a VLAN with a larger MTU than a bridge without ports",
    [bridge("x"), vlan("v", "x", { mtu: 1501 })],
    ["parent-mtu"],
  ],
  [
    "a VLAN of a bridge with ports of a larger MTU",
    [bridge("x"), dummy("p", { mtu: 9000, master: "x" }), vlan("v", "x", { mtu: 9000 })],
    [],
  ],
  [
    "a VLAN of a bridge with a port of a smaller MTU",
    [
      ...[bridge("x"), dummy("p", { mtu: 9000, master: "x" }), dummy("q", { mtu: 1400, master: "x" })],
      vlan("v", "x", { mtu: 9000 }),
    ],
    ["mtu-mismatch", "parent-mtu"],
  ],
  [
    "a VLAN of a bridge with a port of unknown MTU",
    [bridge("x"), one("Geneve", { name: "g", vni: 1, master: "x" }), vlan("v", "x", { mtu: 9000 })],
    [],
  ],
  ["a VLAN of a bridge that is a port's child", [bridge("x"), vlan("p", "x", { master: "x", mtu: 9000 })], []],

  ["a VLAN of a parent that is down", [dummy("x", { up: false }), vlan("v", "x")], ["parent-down"]],
  ["a VLAN that is down, of a parent that is down", [dummy("x", { up: false }), vlan("v", "x", { up: false })], []],
  ["a VLAN of a parent in an unknown state", [dummy("x", { up: null }), vlan("v", "x")], []],
  ["a VLAN with loose binding", [dummy("x", { up: false }), vlan("v", "x", { looseBinding: true })], []],
  ["a VLAN with an unknown binding", [dummy("x", { up: false }), vlan("v", "x", { looseBinding: null })], []],
  ["a macvlan of a parent that is down", [dummy("x", { up: false }), macvlan("m", "x")], []],

  ["a dummy as a master", [dummy("x"), dummy("y", { master: "x" })], ["unfit-port"]],
  ["an end of a pair as a master", [veth({ name: "x" }, { name: "y" }), dummy("z", { master: "x" })], ["unfit-port"]],
  ["a bridge as a port", [bridge("x"), bridge("y", { master: "x" })], ["unfit-port"]],
  ["a bridge in a VRF", [one("Vrf", { name: "x", table: 9 }), bridge("y", { master: "x" })], []],
  ["a macvtap as a port", [bridge("x"), dummy("y"), macvtap("t", "y", { master: "x" })], ["unfit-port"]],
  ["a macvtap as a member", [bond, dummy("y"), macvtap("t", "y", { master: "b" })], ["unfit-port"]],
  [
    "a VRF in a VRF",
    [one("Vrf", { name: "x", table: 9 }), one("Vrf", { name: "y", table: 10, master: "x" })],
    ["unfit-port"],
  ],
  ["a VRF in a bond", [bond, one("Vrf", { name: "y", table: 10, master: "b" })], ["unfit-port"]],
  ["an ipvlan in a bond", [bond, dummy("x"), ipvlan("y", "x", { master: "b" })], ["unfit-port"]],
  ["a tun in a bond that needs no MAC address", [bond, one("Tun", { name: "t", master: "b" })], []],
  [
    "a tun in a bond that sets its MAC address",
    [one("Bond", { name: "b", mode: "802.3ad" }), one("Tun", { name: "t", master: "b" })],
    ["unfit-port"],
  ],

  ["settings of a port", [bridge("x"), dummy("d", { master: "x", port: { isolated: true } })], []],
  ["VLANs of a port of a bridge without filtering", [bridge("x"), tagged("d", ["10"])], ["ignored-by-master"]],
  ["VLANs of two such ports", [bridge("x"), tagged("d", ["10"]), tagged("e", [20, "30-32"])], ["ignored-by-master"]],
  ["VLANs of a port of a bridge with filtering", [bridge("x", { vlanFiltering: true }), tagged("d", ["10"])], []],
  ["VLANs of a port of a bridge that may filter", [bridge("x", { vlanFiltering: null }), tagged("d", ["10"])], []],
  ["unknown VLANs of a port", [bridge("x"), tagged("d", [null])], []],
  [
    "settings of a port in a bond",
    [bond, dummy("d", { master: "b", port: { isolated: true } })],
    ["ignored-by-master"],
  ],
  [
    "settings of a port in a VRF",
    [one("Vrf", { name: "x", table: 9 }), veth({ name: "d", master: "x", port: { isolated: true } }, { name: "e" })],
    ["ignored-by-master"],
  ],
  ["a member that is down", [bond, veth({ name: "d", master: "b", up: false }, { name: "e" })], ["ignored-by-master"]],
  ["a port that is down", [bridge("x"), dummy("d", { master: "x", up: false })], []],

  [
    "a VLAN of a gre",
    [one("Tunnel", { name: "g", mode: "gre" }), one("Vlan", { name: "v", link: "g", vid: 10 })],
    ["unfit-parent"],
  ],
  ["a VLAN of a tap", [one("Tap", { name: "t" }), one("Vlan", { name: "v", link: "t", vid: 10 })], []],
  ["a tun as a port", [bridge("x"), one("Tun", { name: "t", master: "x" })], ["unfit-port"]],
  ["a wireguard as a port", [bridge("x"), one("WireGuard", { name: "w", master: "x" })], ["unfit-port"]],
  ["a gre as a port", [bridge("x"), one("Tunnel", { name: "g", master: "x", mode: "gre" })], ["unfit-port"]],
  ["a gretap as a port", [bridge("x"), one("Tunnel", { name: "g", master: "x", mode: "gretap" })], []],
  ["a tunnel of an unknown mode as a port", [bridge("x"), one("Tunnel", { name: "g", master: "x", mode: null })], []],
  ["a tap as a port", [bridge("x"), one("Tap", { name: "t", master: "x" })], []],
  ["a tun in a VRF", [one("Vrf", { name: "v", table: 10 }), one("Tun", { name: "t", master: "v" })], []],
  ["a child of an interface that the program does not create", [macvlan("mv0", "eth0")], []],
];

each(cases);

test("the message suggests another link", () => {
  const [found] = runChecks([veth({ name: "x" }, { name: "y" }), macvlan("mv0", "x"), macvlan("mv1", "mv0")]);
  expect(found?.message).toMatch(
    /^Macvlan n\d+ uses mv0 as its parent, which is a macvlan itself: the kernel uses x instead/,
  );
  expect(found?.help).toBe("set link to x");
});
