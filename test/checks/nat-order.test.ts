import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, each, namespace, one } from "./pieces.ts";

const places = [
  ...["r", "s"].map(namespace),
  ...["eth0", "eth1"].map((name) => one("Dummy", { name, namespace: "r" })),
];
const rule = (type: string, more: object) => one("NatRule", { namespace: "r", type, ...more });
const web = { destination: "198.51.100.1", protocol: "tcp", destinationPort: 80 };
const to = (address: string | null, more: object = {}) => rule("dnat", { ...web, toAddress: address, ...more });
const out = (more: object = {}) => rule("masquerade", { outInterface: "eth0", ...more });
const spared = (more: object = {}) =>
  rule("snat", { exclude: true, outInterface: "eth0", destination: "10.0.0.0/8", ...more });
const later = { after: "out@12345678" };
const LATE = ["unreachable-rule"];

const local = (more: object = {}) => to("127.0.0.1", more);
const cases: Case[] = [
  ["two targets of one port", [places, local(), local({ toPort: 8080 })], LATE],
  ["two targets of two ports", [places, local(), local({ toPort: 8080, destinationPort: 81 })], []],
  ["two equal rules", [places, local(), local()], []],
  ["two targets in two namespaces", [places, local(), local({ toPort: 8080, namespace: "s" })], []],
  ["two targets with two priorities", [places, local(), local({ toPort: 8080, priority: -90 })], []],
  [
    "two rules of two hooks",
    [places, rule("redirect", { protocol: "tcp", destinationPort: 80, toPort: 8080 }), out()],
    [],
  ],
  ["a redirect of the port of a dnat", [places, local(), rule("redirect", { ...web, toPort: 8080 })], LATE],
  ["a range that contains a port", [places, local({ destinationPort: "1-99" }), local({ toPort: 81, ...later })], LATE],
  ["a range in a port's stead, in no order", [places, local({ destinationPort: "1-99" }), local({ toPort: 81 })], []],
  ["a range behind a port that it contains", [places, local(), local({ destinationPort: "1-99", ...later })], []],
  ["an exception behind the rule that it is for", [places, out(), spared(later)], LATE],
  ["an exception before that rule", [places, spared(), out(later)], []],
  ["an exception for another interface", [places, out(), spared({ ...later, outInterface: "eth1" })], []],
  ["IPv6 behind IPv4", [places, out({ family: "ip" }), spared({ ...later, destination: "fd00::/8" })], []],
  ["IPv6 behind both", [places, out(), spared({ ...later, destination: "fd00::/8" })], LATE],
  ["an unknown port", [places, local(), local({ toPort: 8080, destinationPort: null })], []],
  ["an unknown target", [places, local(), to(null)], []],
  ["an unknown priority", [places, local(), local({ toPort: 8080, priority: null })], []],
];
each(cases);

const gate = [namespace("g"), one("Dummy", { name: "eth0", namespace: "g", addresses: ["10.4.0.1/24", "fd00::1/64"] })];
const passed = (destination: unknown, more: object = {}) =>
  one("FilterChain", {
    ...{ namespace: "g", chain: "forward", policy: "accept" },
    rules: [{ action: "accept", destination, protocol: "tcp", destinationPort: 80 }],
    ...more,
  });
each([
  ["forwarded packets to the router itself", [gate, passed("10.4.0.1")], LATE],
  ["forwarded packets to the router itself, IPv6", [gate, passed("fd00:0::1")], LATE],
  ["forwarded packets to its network", [gate, passed("10.4.0.0/24")], []],
  ["forwarded packets to a host", [gate, passed("10.4.0.2")], []],
  ["forwarded packets to the router and to a host", [gate, passed(["10.4.0.1", "10.4.0.2"])], []],
  ["forwarded packets to anywhere", [gate, passed(undefined)], []],
  ["packets that the router receives", [gate, passed("10.4.0.1", { chain: "input" })], []],
  [
    "forwarded packets to an address in a VRF",
    [
      namespace("g"),
      one("Vrf", { name: "v", namespace: "g", table: 10 }),
      one("Dummy", { name: "eth0", namespace: "g", master: "v", addresses: ["10.4.0.1/24"] }),
      passed("10.4.0.1"),
    ],
    [],
  ],
]);

test("the message names both rules", () => {
  expect(runChecks([...places, local(), local({ toPort: 8080 })])).toMatchObject([
    {
      message: expect.stringMatching(/^NatRule n\d+ never matches: NatRule n\d+ decides all of its packets before$/),
      help: "declare it before that rule, let the rules match different packets, or remove it",
    },
  ]);
});

test("the message about forwarded packets names the place and its address", () => {
  expect(runChecks([...gate, passed("10.4.0.1")])).toMatchObject([
    {
      message: expect.stringMatching(
        /^rules\[0\] of FilterChain n\d+ never matches: the namespace g has 10\.4\.0\.1 itself, so packets to it are not forwarded$/,
      ),
      help: 'use a FilterChain "input" for them; for those of a NatRule of type dnat, match its toAddress and toPort',
    },
  ]);
});
