import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, forwarding, namespace, one, veth } from "./pieces.ts";

const red = [namespace("red"), veth({ name: "eth0", namespace: "red" }, { name: "up" })];
const masquerade = (outInterface: string | null, place: string | null = "red") =>
  one("NatRule", { namespace: place, type: "masquerade", outInterface });
const dnat = (inInterface: string) =>
  one("NatRule", { namespace: "red", type: "dnat", inInterface, toAddress: "10.0.0.9" });
const chain = (...rules: object[]) => one("FilterChain", { namespace: "red", chain: "forward", rules });
const selecting = (match: object) => one("RoutingRule", { namespace: "red", priority: 100, table: 100, ...match });
const program = (place: string | undefined, interfaces?: (string | null)[] | null) =>
  one("Process", { namespace: place, command: ["wg"], ...(interfaces !== undefined && { interfaces }) });

const FOUND = ["unknown-interface"];

const cases: Case[] = [
  ["a masquerade over an interface that exists", [red, masquerade("eth0")], []],
  ["a masquerade over one that does not", [red, masquerade("etho0")], FOUND],
  ["a dnat from one that does not", [red, forwarding("red"), dnat("eth1")], FOUND],
  ["an accept from one that does not", [red, chain({ action: "accept", inInterface: "eth1" })], FOUND],
  ["a drop to one of two that do not", [red, chain({ action: "drop", outInterface: ["eth0", "eth1"] })], FOUND],
  [
    "one wrong name in two rules of a chain",
    [red, chain({ action: "accept", inInterface: "eth1" }, { action: "accept", outInterface: "eth1" })],
    FOUND,
  ],
  ["a routing rule for packets from one that does not", [red, selecting({ iif: "eth1" })], FOUND],
  ["a routing rule for packets to one that does not", [red, selecting({ oif: "eth1" })], FOUND],
  ["routing rules for interfaces that exist", [red, selecting({ iif: "lo" }), selecting({ oif: "eth0" })], []],
  ["the loopback interface", [red, chain({ action: "accept", inInterface: "lo" })], []],
  ["an interface that a module of the kernel adds", [red, chain({ action: "accept", inInterface: "tunl0" })], []],
  ["a pattern that an interface matches", [red, chain({ action: "accept", inInterface: "eth*" })], []],
  ["a pattern that no interface matches", [red, chain({ action: "accept", inInterface: "wg*" })], FOUND],
  [
    "an interface of another namespace",
    [red, namespace("blue"), cable("blue", [], "red", []), masquerade("to-red")],
    FOUND,
  ],
  [
    "an interface that is moved to the namespace",
    [red, one("Nic", { name: "uplink", from: "enp3s0", namespace: "red" }), masquerade("uplink")],
    [],
  ],
  ["the interface of a program", [red, program("red", ["wg0"]), masquerade("wg0")], []],
  ["an interface beside that of a program", [red, program("red", ["wg0"]), masquerade("wg1")], FOUND],
  ["a program that makes none", [red, program("red", []), masquerade("wg0")], FOUND],
  ["a program that may make interfaces", [red, program("red"), masquerade("wg0")], []],
  ["a program with unknown interfaces", [red, program("red", null), masquerade("wg0")], []],
  ["a program with one unknown interface", [red, program("red", ["wg0", null]), masquerade("wg1")], []],
  ["a program in another namespace", [red, namespace("blue"), program("blue"), masquerade("wg0")], FOUND],
  ["a program of the lab host", [red, program(undefined), masquerade("wg0")], []],
  ["a program of the lab host with interfaces there", [red, program(undefined, ["wg0"]), masquerade("wg0")], FOUND],
  ["a command", [red, one("Command", { namespace: "red", create: ["sh"] }), masquerade("wg0")], []],
  ["a link with an unknown name", [red, one("Dummy", { name: null, namespace: "red" }), masquerade("wg0")], []],
  [
    "a link with an unknown address",
    [red, one("Dummy", { name: "wg0", namespace: "red", addresses: [null] }), masquerade("wg0")],
    [],
  ],
  ["an unknown interface of a rule", [red, masquerade(null)], []],
  ["a rule in an unknown namespace", [red, masquerade("wg0", null)], []],
  ["a namespace of another program", [red, masquerade("wg0", "green")], []],
  ["a kind that is not known", [red, one("Other", { namespace: "red" }), masquerade("wg0")], []],
  [
    "the lab host",
    [one("NatRule", { type: "masquerade", outInterface: "enp3s0" }), veth({ name: "a" }, { name: "b" })],
    [],
  ],
];
each(cases);

test("the message names the argument, the interface and the namespace, and the one that was meant", () => {
  const rules = [
    { action: "accept", ctState: "established" },
    { action: "accept", outInterface: "upllnk" },
  ];
  const found = runChecks([...red, one("Dummy", { name: "uplink", namespace: "red" }), chain(...rules)]);
  expect(found).toMatchObject([
    {
      check: "unknown-interface",
      message: expect.stringMatching(
        /^rules\[1\]\.outInterface of FilterChain n\d+ names the interface upllnk, which no resource creates in the namespace red; did you mean uplink\?$/,
      ),
      help: "use the resource of the interface itself instead of its name; the interfaces there are lo, eth0, uplink",
    },
  ]);
});

test("on another lab host, only its own programs count", () => {
  const there = red.map(({ type, name, args }) => ({ type, name, args: { ...(args as object), host: "lab2" } }));
  const rule = one("NatRule", { host: "lab2", namespace: "red", type: "masquerade", outInterface: "eth1" });
  const found = (...more: (typeof rule)[]) => runChecks([...there, rule, ...more]);
  expect(found(program(undefined))).toMatchObject([
    {
      message: expect.stringMatching(
        /^outInterface of NatRule n\d+ names the interface eth1, .* in the namespace red on lab2$/,
      ),
    },
  ]);
  expect(found(one("Process", { host: "lab2", command: ["sh"] }))).toEqual([]);
});
