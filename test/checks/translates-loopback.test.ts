import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, each, namespace, one } from "./pieces.ts";

const except = (destination: string, family: string) =>
  one("NatRule", { type: "snat", destination, family, exclude: true });
const rule = (more: object = {}) => one("NatRule", { type: "masquerade", ...more });

const FOUND = ["translates-loopback"];

const cases: Case[] = [
  ["a rule for all packets of the lab host", [rule()], FOUND],
  ["one for those of one family", [rule({ family: "ip6" })], FOUND],
  ["one for all TCP packets", [rule({ type: "snat", toAddress: "192.0.2.1", protocol: "tcp" })], FOUND],
  ["one for lo", [rule({ outInterface: "lo" })], FOUND],
  ["one with an interface", [rule({ outInterface: "eth0" })], []],
  ["one with a source", [rule({ source: "10.0.0.0/8" })], []],
  ["one with a source that is not known yet", [rule({ source: null })], []],
  ["one for ping", [rule({ protocol: "icmp" })], []],
  ["one of a namespace", [namespace("red"), rule({ namespace: "red" })], []],
  ["one after an exception for the loopback addresses", [except("127.0.0.0/8", "ip"), rule({ family: "ip" })], []],
  ["one for both families after an exception for one", [except("127.0.0.0/8", "ip"), rule()], FOUND],
  ["a redirect", [rule({ type: "redirect", protocol: "tcp", destinationPort: 80, toPort: 8080 })], []],
];

each(cases);

test("the message names the remedy", () => {
  const all = rule();
  expect(runChecks([all])).toMatchObject([
    {
      about: all,
      message: `NatRule ${all.name} also translates the connections of the lab host over its interface lo, with those of Pulumi itself, which break`,
      help: `set outInterface, such as outInterface: "eth0", or source, the network whose packets are translated`,
      refused: "outInterface",
    },
  ]);
});
