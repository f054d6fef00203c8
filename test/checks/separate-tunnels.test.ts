import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, namespace, one } from "./pieces.ts";

const places = [namespace("a"), namespace("b"), cable("a", ["10.0.0.1/24"], "b", ["10.0.0.2/24"])];
let count = 0;
const vxlan = (place: string, remote: string, more: object = {}) =>
  one("Vxlan", { name: `vx${(count += 1)}`, namespace: place, remote, vni: 10, mtu: 1400, ...more });
const geneve = (place: string, remote: string, more: object = {}) =>
  one("Geneve", { name: `g${(count += 1)}`, namespace: place, remote, vni: 10, mtu: 1400, ...more });
const a = vxlan("a", "10.0.0.2");
const b = (more: object = {}) => vxlan("b", "10.0.0.1", more);
const program = (place?: string) => one("Process", { namespace: place, command: ["bird"] });
const other = { vni: 20 };

const FOUND = ["separate-tunnels"];
const ITSELF = ["tunnel-to-itself"];

const cases: Case[] = [
  ["ends with one identifier", [places, a, b()], []],
  ["ends with two identifiers", [places, a, b(other)], FOUND],
  ["ends with two ports", [places, a, b({ dstport: 4790 })], FOUND],
  ["ends with the usual port, given once", [places, a, b({ dstport: 4789 })], []],
  ["two networks between two places", [places, a, vxlan("a", "10.0.0.2", other), b(), b(other)], []],
  [
    "two networks, one of which has a wrong identifier",
    [places, a, vxlan("a", "10.0.0.2", other), b(), b({ vni: 30 })],
    FOUND,
  ],
  ["a network that only one place has", [places, a, b(), vxlan("a", "10.0.0.2", other)], []],
  ["ends of which one does not send to the other", [places, a, vxlan("b", "10.0.0.9", other)], []],
  ["an end that knows the others by entries", [places, a, vxlan("b", "10.0.0.1", { vni: 20, remote: undefined })], []],
  [
    "ends that flood to each other",
    [
      places,
      vxlan("a", "", { remote: undefined, flood: ["10.0.0.2"] }),
      b({ vni: 20, remote: undefined, flood: ["10.0.0.1"] }),
    ],
    FOUND,
  ],
  ["an external end, which receives all identifiers", [places, a, b({ vni: undefined, external: true })], []],
  ["an unknown identifier", [places, a, b({ vni: null })], []],
  ["an unknown port", [places, a, b({ dstport: null })], []],
  ["an unknown remote end", [places, a, vxlan("b", "", { remote: null, vni: 20 })], []],
  ["an unknown link", [places, a, b(other), one("Vxlan", { name: null })], []],
  ["a program in a namespace", [places, a, b(other), program("b")], []],
  ["a program of the lab host", [places, a, b(other), program()], []],
  ["tunnels of two kinds", [places, a, geneve("b", "10.0.0.1", other)], []],
  ["Geneves with one identifier", [places, geneve("a", "10.0.0.2"), geneve("b", "10.0.0.1")], []],
  ["Geneves with two identifiers", [places, geneve("a", "10.0.0.2"), geneve("b", "10.0.0.1", other)], FOUND],
  [
    "ends with two identifiers in other namespaces than their underlays",
    [places, namespace("c"), vxlan("c", "10.0.0.2", { underlay: "a" }), b(other)],
    FOUND,
  ],
  [
    "an address that two places have",
    [places, namespace("c"), one("Dummy", { name: "lo1", namespace: "c", addresses: ["10.0.0.2/32"] }), a, b(other)],
    [],
  ],

  ["an end that sends to itself", [places, vxlan("a", "10.0.0.1")], ITSELF],
  [
    "an end that floods to itself",
    [places, vxlan("a", "", { remote: undefined, flood: ["10.0.0.2", "10.0.0.1"] })],
    ITSELF,
  ],
  ["a Geneve that sends to itself", [places, geneve("a", "10.0.0.1")], ITSELF],
  [
    "a Tunnel that sends to itself",
    [places, one("Tunnel", { name: "t", namespace: "a", mode: "gre", remote: "10.0.0.1", mtu: 1400 })],
    ITSELF,
  ],
  ["an end in another namespace than its underlay", [places, vxlan("b", "10.0.0.2", { underlay: "a" })], []],
  ["an end that sends to an address of its underlay", [places, vxlan("b", "10.0.0.1", { underlay: "a" })], ITSELF],
  [
    "two tunnels between two addresses of one namespace",
    [
      ...[places, one("Dummy", { name: "d", namespace: "a", addresses: ["10.9.0.1/32", "10.9.0.2/32"] })],
      geneve("a", "10.9.0.1"),
      geneve("a", "10.9.0.2"),
    ],
    [],
  ],
  [
    "an address of a VRF",
    [
      ...[places, one("Vrf", { name: "v", namespace: "a", table: 10 })],
      one("Dummy", { name: "d", namespace: "a", master: "v", addresses: ["10.9.0.1/32"] }),
      vxlan("a", "10.9.0.1"),
    ],
    [],
  ],
];
each(cases);

test("the messages name both ends, their values and the address", () => {
  const texts = (...lab: Parameters<typeof runChecks>[0]) =>
    runChecks(lab).map(({ message, help }) => `${message}; ${help}`.replaceAll(/\b(n|vx|g)\d+/g, "$1"));
  expect(texts(...places, a, b(other))).toEqual([
    "a/vx (vni 10, dstport 4789) and its other end b/vx (vni 20, dstport 4789) (Vxlan n) drop the packets of each other: both ends need the same vni and dstport; set vni to the same value in both",
  ]);
  expect(texts(...places, a, b({ dstport: 4790 }))).toEqual([
    expect.stringMatching(/b\/vx \(vni 10, dstport 4790\).*; set dstport to the same value in both$/),
  ]);
  expect(texts(...places, vxlan("a", "10.0.0.1"))).toEqual([
    "remote of Vxlan n is 10.0.0.1, the address of a/to-b in the namespace a, which is its own end: its packets never leave; use the address of the other end",
  ]);
});
