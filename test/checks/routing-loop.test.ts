import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, cable, each, forwarding, namespace, one, route, veth } from "./pieces.ts";

const places = ["a", "b"].flatMap((place) => [namespace(place), forwarding(place)]);
const pair = [...places, cable("a", ["10.0.0.1/24"], "b", ["10.0.0.2/24"])];
const toB = route("a", "10.9.0.0/16", "10.0.0.2");
const toA = (to: string, more: object = {}) =>
  one("Route", { namespace: "b", destination: to, via: "10.0.0.1", ...more });
const loop = [...pair, toB, toA("10.9.0.0/16")];
const leaf = (addresses: string[]) => one("Dummy", { name: "leaf", namespace: "b", addresses });

const third = [
  ...[...places, namespace("c"), forwarding("c"), bridge("lan")],
  ...["a", "b", "c"].map((place, index) =>
    veth(
      { name: "eth0", namespace: place, addresses: [`10.0.0.${index + 1}/24`] },
      { name: `to-${place}`, master: "lan" },
    ),
  ),
];
const toC = route("b", "10.9.0.0/16", "10.0.0.3");

const cases: Case[] = [
  ["two routes to each other", loop, ["routing-loop"]],
  [
    "two routes to each other, of which one leads to a network around",
    [...pair, toB, toA("10.0.0.0/8")],
    ["routing-loop"],
  ],
  ["a route to a router whose default route leads back", [...pair, toB, toA("default")], ["routing-loop"]],
  ["three routes", [...third, toB, toC, route("c", "10.9.0.0/16", "10.0.0.1")], ["routing-loop"]],
  ["a neighbour that sends packets on to another one", [...third, toB, toC], []],
  [
    "a neighbour that sends packets on to another one, which has the network",
    [...third, toB, toC, one("Dummy", { name: "leaf", namespace: "c", addresses: ["10.9.0.1/16"] })],
    [],
  ],
  ["two default routes to each other", [...pair, route("a", "default", "10.0.0.2"), toA("default")], []],
  ["the network behind one of them", [...pair, toB, toA("default"), leaf(["10.9.0.1/16"])], []],
  ["a part of the network behind one of them", [...loop, leaf(["10.9.1.1/24"])], []],
  ["an address of the network", [...loop, leaf(["10.9.0.1/32"])], []],
  [
    "a route to a part of the network",
    [...loop, one("Route", { namespace: "b", destination: "10.9.1.0/24", interface: "to-a" })],
    [],
  ],
  [
    "a route that drops the packets",
    [...pair, toB, toA("10.0.0.0/8"), one("Route", { namespace: "b", destination: "10.9.0.0/16", type: "blackhole" })],
    [],
  ],
  [
    "a route of a lower metric elsewhere",
    [
      ...pair,
      toB,
      toA("10.9.0.0/16", { metric: 10 }),
      one("Route", { namespace: "b", destination: "10.9.0.0/16", interface: "to-a" }),
    ],
    [],
  ],
  ["a route in another table", [...pair, toB, toA("10.9.0.0/16", { table: 100 })], []],
  ["a routing rule", [...loop, one("RoutingRule", { namespace: "b", table: 254, priority: 5 })], []],
  ["a program, which may add routes", [...loop, one("Process", { namespace: "b", command: ["bird"] })], []],
  [
    "a filter, which may drop the packets",
    [...loop, one("FilterChain", { namespace: "b", chain: "forward", policy: "drop", rules: [{ action: "accept" }] })],
    [],
  ],
  [
    "a rule that replaces the destination",
    [...loop, one("NatRule", { namespace: "b", type: "dnat", destination: "10.9.0.1", toAddress: "10.0.0.1" })],
    [],
  ],
  [
    "a namespace that does not forward",
    loop.filter(({ type }) => type !== "Sysctl"),
    ["no-forwarding", "no-forwarding"],
  ],
  ["an unknown route", [...loop, route("b", "10.9.1.0/24", null)], []],
  [
    "an interface that is down",
    [
      ...places,
      toB,
      toA("10.9.0.0/16"),
      veth(
        { name: "b", namespace: "a", addresses: ["10.0.0.1/24"] },
        { name: "a", namespace: "b", up: false, addresses: ["10.0.0.2/24"] },
      ),
    ],
    ["gateway-down"],
  ],
];
each(cases);

test("the warning names the routes, and is at the first one", () => {
  expect(runChecks([...loop])).toMatchObject([
    {
      about: toB,
      message: `packets to 10.9.0.0/16 go round in a loop, since no namespace of it has a way out for them: a to b (Route ${toB.name}), b to a (Route ${loop.at(-1)?.name})`,
    },
  ]);
});
