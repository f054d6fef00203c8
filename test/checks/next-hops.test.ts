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

const by6 = (nhid: number) => one("Route", { namespace: "red", destination: "fd08::/64", nhid });
const FAMILY = ["nexthop-family"];

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

  ["an IPv6 route by a next hop with an IPv4 gateway", [red, near, by6(10)], FAMILY],
  ["one by a next hop without a gateway", [red, hop(10, { interface: "eth0" }), by6(10)], FAMILY],
  ["one by an IPv6 next hop without a gateway", [red, hop(10, { interface: "eth0", family: "inet6" }), by6(10)], []],
  ["one by a next hop with an IPv6 gateway", [red, via("fe80::1"), by6(10)], []],
  ["one by a next hop with an unknown gateway", [red, via(null), by6(10)], []],
  ["one by a next hop of an unknown family", [red, hop(10, { interface: "eth0", family: null }), by6(10)], []],
  ["one by a group with an IPv4 gateway", [red, near, group(10), by6(20)], FAMILY],
  ["an IPv4 route by a next hop with an IPv6 gateway", [red, via("fe80::1"), by(10)], []],
];
each(cases);

test("the kernel certainly refuses an IPv4 gateway that is off-link, and a number that no Nexthop has", () => {
  const far = by(99);
  expect(runChecks([...red, via("10.9.0.1"), far])).toMatchObject([
    { check: "gateway-off-link", refused: "via" },
    {
      ...{ check: "unknown-nexthop", about: far, refused: "nhid" },
      message: "no Nexthop in the namespace red has the number 99",
      help: "refer to the Nexthop instead of writing its number; the numbers there are 10",
    },
  ]);
});

test("a next hop of another namespace is named, and a group's own number is none that it may have", () => {
  const [hop, far] = [near, one("Nexthop", { namespace: "blue", nhid: 20, group: [{ nhid: 10 }, { nhid: 11 }] })];
  expect(runChecks([...red, namespace("blue"), hop, far])).toMatchObject([
    {
      ...{ check: "unknown-nexthop", about: far, refused: "group[0].nhid" },
      message: `no Nexthop in the namespace blue has the number 10; Nexthop ${hop.name} is in the namespace red, and a next hop is seen only in its own namespace`,
      help: "declare a Nexthop with nhid 10 in the namespace blue",
    },
    {
      ...{ check: "unknown-nexthop", about: far, refused: "group[1].nhid" },
      message: "no Nexthop in the namespace blue has the number 11",
      help: "declare a Nexthop with nhid 11 in the namespace blue",
    },
  ]);
});

test("the kernel certainly refuses an IPv6 route by an IPv4 next hop, and the message names the next hop", () => {
  const [hop, far] = [near, by6(10)];
  expect(runChecks([...red, hop, far])).toMatchObject([
    {
      ...{ about: far, refused: "nhid" },
      message: `10 leads to Nexthop ${hop.name}, which has the IPv4 gateway 10.0.0.1, and the kernel refuses an IPv6 route by it ("IPv6 routes can not use an IPv4 nexthop")`,
    },
  ]);
});
