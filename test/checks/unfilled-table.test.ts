import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, each, namespace, one, veth } from "./pieces.ts";

const red = [namespace("red"), veth({ name: "eth0", namespace: "red", addresses: ["10.0.0.2/24"] }, { name: "x" })];
const rule = (table: number | null | undefined, more: object = {}) =>
  one("RoutingRule", { namespace: "red", priority: 100, fwmark: 7, table, ...more });
const to = (table: number | null | undefined, more: object = {}) =>
  one("Route", { namespace: "red", destination: "10.8.0.0/16", via: "10.0.0.1", table, ...more });
const dummy = (more: object) => one("Dummy", { name: "d", namespace: "red", addresses: ["10.2.0.2/24"], ...more });
const program = (place?: string) => one("Process", { namespace: place, command: ["bird"] });

const FOUND = ["unfilled-table"];

const cases: Case[] = [
  ["a table with a route", [red, rule(100), to(100)], []],
  ["a table without one", [red, rule(100)], FOUND],
  ["a route in another table", [red, rule(100), to(101), to(undefined)], FOUND],
  ["a route in an unknown table", [red, rule(100), to(null)], []],
  ["an unknown route", [red, rule(100), to(101, { destination: null })], []],
  [
    "a route of another namespace",
    [red, rule(100), namespace("blue"), to(100, { namespace: "blue", via: undefined })],
    FOUND,
  ],
  ...[253, 254, 255].map((table): Case => [`the table ${table} of the kernel`, [red, rule(table)], []]),
  ["an unknown table", [red, rule(null)], []],
  ["a rule that drops packets", [red, rule(undefined, { type: "blackhole" })], []],
  ["the table of a VRF", [red, rule(100), one("Vrf", { name: "v", namespace: "red", table: 100 })], []],
  ["that of another VRF", [red, rule(100), one("Vrf", { name: "v", namespace: "red", table: 101 })], FOUND],
  ["a VRF with an unknown table", [red, rule(100), one("Vrf", { name: "v", namespace: "red", table: null })], []],
  ["the table of the gateways of a link", [red, rule(100), dummy({ gateways: ["10.2.0.1"], gatewayTable: 100 })], []],
  ["a program in the namespace", [red, rule(100), program("red")], []],
  ["a program of the lab host", [red, rule(100), program()], []],
  ["a program elsewhere", [red, rule(100), namespace("blue"), program("blue")], FOUND],
  ["a namespace of others", [rule(100, { namespace: "theirs" })], []],
  ["the lab host", [rule(100, { namespace: undefined })], []],
];
each(cases);

test("the message names the table, and the tables that have routes", () => {
  expect(runChecks([...red, rule(100), to(101), to(102)])).toMatchObject([
    {
      message: expect.stringMatching(
        /^table of RoutingRule n\d+ is 100, but no route of the namespace red is in this table: the rule has no effect$/,
      ),
      help: "add a Route with table: 100; the other tables with routes there are 101, 102",
    },
  ]);
});
