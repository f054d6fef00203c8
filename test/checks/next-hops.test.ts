import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, namespace, one, veth } from "./pieces.ts";

const red = [namespace("red"), veth({ name: "eth0", namespace: "red", addresses: ["10.0.0.2/24"] }, { name: "x" })];
const hop = (nhid: number | null, more: object) => one("Nexthop", { namespace: "red", nhid, ...more });
const via = (gateway: string | null, more: object = {}) => hop(10, { via: gateway, interface: "eth0", ...more });
const near = via("10.0.0.1");
const by = (nhid: number | null, place = "red") => one("Route", { namespace: place, destination: "10.8.0.0/16", nhid });
const group = (...members: (number | null)[]) => hop(20, { group: members.map((nhid) => ({ nhid })) });
const program = (place?: string) => one("Process", { namespace: place, command: ["bird"] });

const cases: Case[] = [
  ["a next hop in the network of its interface", [red, near], []],
  ["one that is not", [red, via("10.9.0.1")], ["gateway-off-link"]],
  [
    "one in the network of another interface",
    [red, namespace("blue"), cable("red", ["10.9.0.2/24"], "blue", []), via("10.9.0.1")],
    ["gateway-off-link"],
  ],
  ["one that is its own namespace", [red, via("10.0.0.2")], ["gateway-off-link"]],
  ["one with onlink", [red, via("10.9.0.1", { onlink: true })], []],
  ["an unknown gateway", [red, via(null)], []],
  ["a next hop without a gateway", [red, hop(10, { interface: "eth0" })], []],

  ["a route by a next hop that exists", [red, near, by(10)], []],
  ["a route by one that does not", [red, near, by(99)], ["unknown-nexthop"]],
  ["a route by one of another namespace", [red, namespace("blue"), near, by(10, "blue")], ["unknown-nexthop"]],
  ["a group of a next hop and one that does not exist", [red, near, group(10, 11)], ["unknown-nexthop"]],
  ["a route by a group", [red, near, group(10), by(20)], []],
  ["a route by an unknown next hop", [red, near, by(null)], []],
  ["a group with an unknown member", [red, near, group(10, null)], []],
  ["a next hop with an unknown number", [red, hop(null, { interface: "eth0" }), by(99)], []],
  ["a program in the namespace", [red, by(99), program("red")], []],
  ["a program of the lab host", [red, by(99), program()], []],
  ["a namespace of another program", [by(99, "green")], []],
  ["a kind that is not known", [red, by(99), one("Other", { namespace: "red" })], []],
];
each(cases);

test("the kernel certainly refuses an IPv4 gateway that is off-link, and the message names the number that no Nexthop has", () => {
  expect(runChecks([...red, via("10.9.0.1"), by(99)])).toMatchObject([
    { check: "gateway-off-link", refused: "via" },
    {
      check: "unknown-nexthop",
      message: expect.stringMatching(/^nhid of Route n\d+ is 99, but no Nexthop in the namespace red has this number$/),
      help: "use the Nexthop itself instead of its number; the numbers there are 10",
    },
  ]);
});
