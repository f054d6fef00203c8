import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, each, one, veth } from "./pieces.ts";

const port = (master: string) => veth({ name: `to-${master}`, master }, { name: `far-${master}` });
const macvlan = (name: string, link: string, more: object = {}) => one("Macvlan", { name, link, ...more });

const cases: Case[] = [
  ["a bridge that speaks STP, with a port", [bridge("x", { stp: true }), port("x")], ["stp-delay"]],
  ["a bridge that speaks STP, without a port", [bridge("x", { stp: true })], []],
  ["a bridge that speaks STP, with a forward delay", [bridge("x", { stp: true, forwardDelay: 15 }), port("x")], []],
  ["a bridge whose forward delay is not known", [bridge("x", { stp: true, forwardDelay: null }), port("x")], []],
  ["a bridge that does not speak STP", [bridge("x"), port("x")], []],
  ["a bridge of which that is not known", [bridge("x", { stp: null }), port("x")], []],
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
    "a child of a link of the same name elsewhere",
    [bridge("x"), port("x"), macvlan("mv0", "to-x", { namespace: "n", linkNamespace: "n" })],
    [],
  ],
  ["a VLAN of a tun", [one("Tun", { name: "t" }), one("Vlan", { name: "v", link: "t", vid: 10 })], ["unfit-parent"]],
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
  ["a child of an interface that the program does not make", [macvlan("mv0", "eth0")], []],
];

each(cases);

test("the link to take instead is named", () => {
  const [found] = runChecks([veth({ name: "x" }, { name: "y" }), macvlan("mv0", "x"), macvlan("mv1", "mv0")]);
  expect(found?.message).toMatch(
    /^Macvlan n\d+ uses mv0 as its parent, which is a macvlan itself: the kernel uses x instead/,
  );
  expect(found?.help).toBe("set link to x");
});
