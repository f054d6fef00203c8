import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, each, namespace, one, veth } from "./pieces.ts";

const red = [namespace("red"), veth({ name: "eth0", namespace: "red", addresses: ["10.0.0.2/24"] }, { name: "x" })];
const vxlan = (local: string | null | undefined, more: object = {}) =>
  one("Vxlan", { name: "v", namespace: "red", vni: 10, remote: "10.0.0.9", mtu: 1400, local, ...more });
const program = (place?: string) => one("Process", { namespace: place, command: ["udhcpc"] });

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
];
each(cases);

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
