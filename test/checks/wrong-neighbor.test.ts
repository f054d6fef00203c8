import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, each, lan, on, one } from "./pieces.ts";

const MAC = "02:00:00:00:00:0b";
const OTHER = "02:00:00:00:00:0c";
const hosts = [lan, ...on("lan", "a", ["10.0.0.2/24"]), ...on("lan", "b", ["10.0.0.3/24"], { mac: MAC })];
const neighbor = (lladdr: string | null, more: object = {}) =>
  one("Neighbor", { namespace: "a", interface: "eth0", address: "10.0.0.3", lladdr, ...more });
const filtering = bridge("lan", { vlanFiltering: true });

const FOUND = ["wrong-neighbor"];

const cases: Case[] = [
  ["the MAC address of the host", [hosts, neighbor(MAC)], []],
  ["it in another spelling", [hosts, neighbor(MAC.toUpperCase())], []],
  ["another one", [hosts, neighbor(OTHER)], FOUND],
  ["an unknown one", [hosts, neighbor(null)], []],
  ["another one for an unknown address", [hosts, neighbor(OTHER, { address: null })], []],
  ["another one for an address that no host has", [hosts, neighbor(OTHER, { address: "10.0.0.9" })], []],
  [
    "another one for a host without a known one",
    [hosts, on("lan", "c", ["10.0.0.4/24"]), neighbor(OTHER, { address: "10.0.0.4" })],
    [],
  ],
  ["an address that the interface answers for", [hosts, neighbor(OTHER, { proxy: true })], []],
  ["an address that it may answer for", [hosts, neighbor(OTHER, { proxy: null })], []],
  [
    "an IPv6 address in another notation",
    [
      lan,
      ...on("lan", "a", ["fd00::2/64"]),
      ...on("lan", "b", ["fd00::3/64"], { mac: MAC }),
      neighbor(OTHER, { address: "fd00:0::3" }),
    ],
    FOUND,
  ],
  [
    "a host of another LAN",
    [lan, bridge("far"), ...on("lan", "a", []), ...on("far", "b", ["10.0.0.3/24"], { mac: MAC }), neighbor(OTHER)],
    [],
  ],
  [
    "a host that VLANs may separate",
    [filtering, ...on("lan", "a", []), ...on("lan", "b", ["10.0.0.3/24"], { mac: MAC }), neighbor(OTHER)],
    [],
  ],
  [
    "that of one of two hosts with the address",
    [hosts, on("lan", "c", ["10.0.0.3/24"], { mac: OTHER }), neighbor(OTHER)],
    ["duplicate-address"],
  ],
];
each(cases);

test("the message names both MAC addresses and the interface", () => {
  const wrong = neighbor(OTHER);
  expect(runChecks([...hosts, wrong])).toMatchObject([
    {
      about: wrong,
      message: `Neighbor ${wrong.name} sends the packets for 10.0.0.3 to ${OTHER}, but b/eth0, which has this address, has the MAC address ${MAC}`,
      help: `set lladdr to "${MAC}"`,
    },
  ]);
});
