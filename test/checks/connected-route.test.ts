import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, each, namespace, one, veth } from "./pieces.ts";

const end = (name: string, addresses: string[], more: object = {}) =>
  veth({ name, namespace: "red", addresses, ...more }, { name: `far-${name}` });
/** A namespace in two networks. */
const red = [namespace("red"), end("eth0", ["10.0.0.1/24", "fd00::1/64"]), end("eth1", ["10.1.0.1/24", "fd01::1/64"])];
const to = (destination: string, via: string | undefined, more: object = {}) =>
  one("Route", { namespace: "red", destination, via, ...more });

/** A WireGuard with routes to the networks of its peer, which is outside of the lab. */
const wg = (allowedIps: string[], more: object = {}) =>
  one("WireGuard", {
    ...{ name: "wg0", namespace: "red", publicKey: "A", addresses: ["10.9.0.1/24", "fd09::1/64"], routes: true },
    peers: [{ publicKey: "B", endpoint: "198.51.100.1:51820", allowedIps }],
    ...more,
  });

const FOUND = ["connected-route"];

const cases: Case[] = [
  ["a route to a connected network", [red, to("10.1.0.0/24", "10.0.0.2")], FOUND],
  ["a route to a connected IPv6 network", [red, to("fd01::/64", "fd00::2")], FOUND],
  ["an IPv6 network in another notation", [red, to("fd01:0::/64", "fd00::2")], FOUND],
  ["a route over the interface itself", [red, to("10.1.0.0/24", undefined, { interface: "eth1" })], FOUND],
  ["a route with the kernel's metric", [red, to("fd01::/64", "fd00::2", { metric: 1024 })], FOUND],
  ["a route to a part of the network", [red, to("10.1.0.0/25", "10.0.0.2")], []],
  ["a route to a wider network", [red, to("10.1.0.0/16", "10.0.0.2")], []],
  ["a default route", [red, to("default", "10.0.0.2")], []],
  ["a route with a metric", [red, to("10.1.0.0/24", "10.0.0.2", { metric: 100 })], []],
  ["a route with an unknown metric", [red, to("10.1.0.0/24", "10.0.0.2", { metric: null })], []],
  ["a route in another table", [red, to("10.1.0.0/24", "10.0.0.2", { table: 100 })], []],
  ["a route in the main table", [red, to("10.1.0.0/24", "10.0.0.2", { table: 254 })], FOUND],
  ["a route in an unknown table", [red, to("10.1.0.0/24", "10.0.0.2", { table: null })], []],
  [
    "the network of an interface that is down",
    [red, end("eth2", ["10.2.0.1/24"], { up: false }), to("10.2.0.0/24", "10.0.0.2")],
    [],
  ],
  ["an address without a network", [red, end("eth2", ["10.2.0.1/32"]), to("10.2.0.1/32", "10.0.0.2")], []],
  [
    "an address with a peer",
    [
      ...[red, end("eth2", []), to("10.2.0.0/24", "10.0.0.2")],
      one("Address", { namespace: "red", interface: "eth2", address: "10.2.0.1/24", peer: "10.3.0.1" }),
    ],
    [],
  ],
  [
    "an address of its own resource",
    [
      ...[red, end("eth2", []), to("10.2.0.0/24", "10.0.0.2")],
      one("Address", { namespace: "red", interface: "eth2", address: "10.2.0.1/24" }),
    ],
    FOUND,
  ],
  [
    "the network of a member of a VRF",
    [
      ...[red, one("Vrf", { name: "blue", namespace: "red", table: 10 })],
      ...[end("eth2", ["10.2.0.1/24"], { master: "blue" }), to("10.2.0.0/24", "10.0.0.2")],
    ],
    [],
  ],
  ["a network of a peer that is connected", [red, wg(["10.1.0.0/24"])], FOUND],
  ["an IPv6 network of a peer that is connected", [red, wg(["fd01::/64"])], FOUND],
  ["a part of the network", [red, wg(["10.1.0.2"])], []],
  ["the own network of a WireGuard", [red, wg(["10.9.0.0/24"])], FOUND],
  ["the own IPv6 network of a WireGuard", [red, wg(["fd09::/64"])], []],
  ["the network of a peer without routes", [red, wg(["10.1.0.0/24"], { routes: false })], []],
  ["the network of a peer in another table", [red, wg(["10.1.0.0/24"], { gatewayTable: 100 })], []],
  ["the network of a peer in an unknown table", [red, wg(["10.1.0.0/24"], { gatewayTable: null })], []],
  [
    "a route in another namespace",
    [red, namespace("x"), one("Route", { namespace: "x", destination: "10.1.0.0/24" })],
    [],
  ],
];

each(cases);

test("the message names the network, its interface, and what the kernel does", () => {
  const [inet, inet6] = [to("10.1.0.0/24", "10.0.0.2"), to("fd01::/64", "fd00::2")];
  expect(runChecks([...red, inet, inet6])).toMatchObject([
    {
      about: inet,
      message: `destination of Route ${inet.name} is 10.1.0.0/24, the network of red/eth1: the kernel has a route of its own to it, and refuses another one ("File exists")`,
    },
    {
      about: inet6,
      message: `destination of Route ${inet6.name} is fd01::/64, the network of red/eth1: the kernel has a route of its own to it, and never uses another one`,
    },
  ]);
});

test("the message about a network of a peer names the argument", () => {
  const site = wg(["10.1.0.0/24"]);
  expect(runChecks([...red, site])).toMatchObject([
    {
      about: site,
      message: `routes of WireGuard ${site.name} is true, and 10.1.0.0/24, an allowed IP of a peer, is the network of red/eth1: the kernel has a route of its own to it, and refuses another one ("File exists")`,
    },
  ]);
});
