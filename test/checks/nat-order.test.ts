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

test("the message names both rules", () => {
  expect(runChecks([...places, local(), local({ toPort: 8080 })])).toMatchObject([
    {
      message: expect.stringMatching(/^NatRule n\d+ never matches: NatRule n\d+ decides all of its packets before$/),
      help: "declare it before that rule, let the rules match different packets, or remove it",
    },
  ]);
});
