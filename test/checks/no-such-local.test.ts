import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, each, namespace, one, veth } from "./pieces.ts";

const red = [namespace("red"), veth({ name: "eth0", namespace: "red", addresses: ["10.0.0.2/24"] }, { name: "x" })];
const vxlan = (local: string | null | undefined, more: object = {}) =>
  one("Vxlan", { name: "v", namespace: "red", vni: 10, remote: "10.0.0.9", mtu: 1400, local, ...more });
const program = (place?: string) => one("Process", { namespace: place, command: ["udhcpc"] });

const way = (source: string | null | undefined, more: object = {}) =>
  one("Route", { namespace: "red", destination: "10.9.0.0/24", interface: "eth0", source, ...more });
const hops = ["10.0.0.8", "10.0.0.9"].map((via) => ({ via }));

const FOUND = ["no-such-local"];

const cases: Case[] = [
  ["a tunnel with an address of its namespace", [red, vxlan("10.0.0.2")], []],
  ["one with another address", [red, vxlan("10.0.0.3")], FOUND],
  ["one without an address", [red, vxlan(undefined)], []],
  ["one with an unknown address", [red, vxlan(null)], []],
  [
    "a Geneve without its own address",
    [red, one("Geneve", { name: "g", namespace: "red", vni: 1, remote: "10.0.0.9" })],
    [],
  ],
  [
    "a tunnel of another mode",
    [red, one("Tunnel", { name: "t", namespace: "red", mode: "gre", local: "10.0.0.3", remote: "10.0.0.9" })],
    FOUND,
  ],
  [
    "an address of its own namespace, over another underlay",
    [red, namespace("blue"), vxlan("10.0.0.2", { underlay: "blue" })],
    FOUND,
  ],
  [
    "an address of its underlay",
    [red, namespace("blue"), vxlan("10.0.0.2", { namespace: "blue", underlay: "red" })],
    [],
  ],
  ["the lab host as underlay", [red, vxlan("10.0.0.3", { namespace: undefined })], []],
  ["a program in the namespace", [red, vxlan("10.0.0.3"), program("red")], []],
  ["a program of the lab host", [red, vxlan("10.0.0.3"), program()], []],
  [
    "an unknown address of the namespace",
    [red, vxlan("10.0.0.3"), one("Address", { namespace: "red", interface: "eth0", address: null })],
    [],
  ],
  ["an IPv6 address, which a router may have announced", [red, vxlan("fd00::3", { remote: "fd00::9" })], []],

  ["a route with a source that its namespace has", [red, way("10.0.0.2")], []],
  ["a route with another source", [red, way("10.0.0.3")], FOUND],
  ["a route without a source", [red, way(undefined)], []],
  ["a route with an unknown source", [red, way(null)], []],
  [
    "a route with a source of another namespace",
    [red, namespace("blue"), way("10.0.0.2", { namespace: "blue", interface: "lo" })],
    FOUND,
  ],
  ["a route on the lab host", [red, way("10.0.0.3", { namespace: undefined, interface: "eth9" })], []],
  ["a route with a source that is a loopback address", [red, way("127.0.0.2")], []],
  ["a route that drops packets, whose source the kernel ignores", [red, way("10.0.0.3", { type: "blackhole" })], []],
  ["a route with several next hops", [red, way("10.0.0.3", { via: undefined, nexthops: hops })], FOUND],
  ["a route beside a program", [red, way("10.0.0.3"), program("red")], []],
  ["a route with an IPv6 source", [red, way("fd00::3", { destination: "fd01::/64" })], []],
];
each(cases);

test("a source that the namespace does not have is refused", () => {
  expect(runChecks([...red, way("10.0.0.3")])).toMatchObject([
    {
      refused: "source",
      message: expect.stringMatching(
        /^source of Route n\d+ is 10\.0\.0\.3, an address that no interface of the namespace red has$/,
      ),
      help: "use an address of its namespace; those of the namespace red are 10.0.0.2",
    },
  ]);
});

test("the message names the address and those of the underlay", () => {
  expect(runChecks([...red, vxlan("10.0.0.3")])).toMatchObject([
    {
      message: expect.stringMatching(
        /^local of Vxlan n\d+ is 10\.0\.0\.3, an address that no interface of the namespace red has$/,
      ),
      help: "use an address of its underlay; those of the namespace red are 10.0.0.2",
    },
  ]);
});
