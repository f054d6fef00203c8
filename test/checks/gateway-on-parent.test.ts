import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, cable, each, forwarding, namespace, one, route } from "./pieces.ts";

const base = [bridge("lan", { addresses: ["10.0.0.1/24", "fd00::1/64"] }), forwarding(), namespace("web")];
const child = (type: string, more: object = {}) =>
  one(type, { name: "mv0", namespace: "web", link: "lan", addresses: ["10.0.0.2/24"], ...more });
const gateways = (...via: string[]) => ({ gateways: via });

const FOUND = ["gateway-on-parent"];

const cases: Case[] = [
  ["a route of a macvlan through its parent", [base, child("Macvlan"), route("web", "default", "10.0.0.1")], FOUND],
  ["a gateway of the macvlan itself", [base, child("Macvlan", gateways("10.0.0.1"))], FOUND],
  ["a macvtap", [base, child("Macvtap", gateways("10.0.0.1"))], FOUND],
  ["a private macvlan", [base, child("Macvlan", { mode: "private", ...gateways("10.0.0.1") })], FOUND],
  [
    "a macvlan whose frames a switch may send back",
    [base, child("Macvlan", { mode: "vepa", ...gateways("10.0.0.1") })],
    [],
  ],
  ["an unknown mode", [base, child("Macvlan", { mode: null, ...gateways("10.0.0.1") })], []],
  ["an ipvlan, which reaches its parent", [base, child("Ipvlan", gateways("10.0.0.1"))], []],
  [
    "another macvlan of the parent with the address of the gateway",
    [
      ...[base, child("Macvlan", gateways("10.0.0.3"))],
      one("Macvlan", { name: "mv1", link: "lan", addresses: ["10.0.0.3/24"] }),
    ],
    [],
  ],
  [
    "a gateway behind another interface",
    [
      ...[base, child("Macvlan", { addresses: [] }), cable(undefined, ["10.1.0.1/24"], "web", ["10.1.0.2/24"])],
      route("web", "default", "10.1.0.1"),
    ],
    [],
  ],
];

each(cases);

test("the message names the parent, and the help the remedy", () => {
  expect(runChecks([...base, child("Macvlan", gateways("10.0.0.1"))])).toMatchObject([
    {
      message:
        "the gateway 10.0.0.1 is an address of lan, the parent of web/mv0: the kernel passes no packets between a macvlan and its parent",
      help: "add a Macvlan of lan to the lab host as well, with the address of the gateway, or use another gateway",
    },
  ]);
});
