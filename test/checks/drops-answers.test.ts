import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, each, one, route, veth } from "./pieces.ts";

const filter = (args: object) => one("FilterChain", { namespace: "red", ...args });

const LO = { action: "accept", inInterface: "lo" };
const ANSWERS = { action: "accept", ctState: ["established", "related"] };
const OUT = { action: "accept", inInterface: "eth0", outInterface: "eth1" };
const OUT_ONLY = { action: "accept", inInterface: "eth0" };
const DROP_INPUT = { chain: "input", policy: "drop" };

const forward = (...rules: object[]) => filter({ chain: "forward", policy: "drop", rules });

const WEB = { action: "accept", protocol: "tcp", destinationPort: [80, 443] };
const RETURN = { ...ANSWERS, action: "return" };
const SOME = { protocol: "tcp", sourcePort: 80 };
const staff = veth(
  { name: "staff", namespace: "red", addresses: ["10.1.0.1/24"] },
  { name: "prn", namespace: "red", addresses: ["10.2.0.1/24"] },
);
/** A chain with the policy accept that lets some packets through to the printers and drops all others from and to them. */
const printers = (from: object, first?: object, some: object = {}) =>
  filter({
    chain: "forward",
    rules: [
      ...(first === undefined ? [] : [first]),
      { action: "accept", outInterface: "prn", ...from },
      { action: "drop", outInterface: "prn" },
      { action: "drop", inInterface: "prn", ...some },
    ],
  });

const cases: Case[] = [
  ["one that accepts one direction", [forward(OUT)], ["drops-answers"]],
  ["one direction of new connections", [forward({ ...OUT, ctState: "new" })], ["drops-answers"]],
  ["one direction of a TCP port", [forward({ ...OUT, protocol: "tcp", destinationPort: 80 })], ["drops-answers"]],
  ["one direction of UDP", [forward({ ...OUT, protocol: "udp" })], []],
  ["one direction, and answers", [forward(ANSWERS, OUT)], []],
  ["both directions", [forward(OUT, { action: "accept", inInterface: "eth1", outInterface: "eth0" })], []],
  ["both directions, of which one is a prefix of names", [forward(OUT, { action: "accept", inInterface: "eth*" })], []],
  [
    "one direction, and answers of another host",
    [forward({ ...OUT, destination: "10.0.0.5" }, { ...ANSWERS, source: "10.0.0.6" })],
    ["drops-answers"],
  ],
  [
    "one direction to a port, and packets from another one",
    [
      forward(
        { ...OUT, protocol: "tcp", destinationPort: 80 },
        { action: "accept", protocol: "tcp", inInterface: "eth1", sourcePort: 81 },
      ),
    ],
    ["drops-answers"],
  ],
  [
    "one direction to a port, and packets from a range with it",
    [
      forward(
        { ...OUT, protocol: "tcp", destinationPort: 80 },
        { action: "accept", protocol: "tcp", inInterface: "eth1", sourcePort: "1-1023" },
      ),
    ],
    [],
  ],
  ["one direction of ports from a network", [forward({ ...WEB, source: "10.1.0.0/24" })], ["drops-answers"]],
  ["the same ports in both directions", [forward({ ...WEB, source: "10.1.0.0/24" }, { ...WEB })], ["drops-answers"]],
  ["ports with those of clients", [forward({ ...WEB, destinationPort: "1024-65535" })], []],
  ["all packets from an interface", [forward(OUT_ONLY)], ["drops-answers"]],
  ["all packets from interfaces with a prefix", [forward({ action: "accept", inInterface: "eth*" })], []],
  ["all packets from two interfaces", [forward({ action: "accept", inInterface: ["eth0", "eth1"] })], []],
  ["all packets from networks of unknown interfaces", [forward({ action: "accept", source: "10.1.0.0/24" })], []],
  [
    "all packets from the network of an interface",
    [staff, forward({ action: "accept", source: "10.1.0.0/24" })],
    ["drops-answers"],
  ],
  ["all packets from the networks of two interfaces", [staff, forward({ action: "accept", source: "10.0.0.0/8" })], []],
  [
    "all packets from the network of an interface, to a part of which a route leads",
    [staff, route("red", "10.1.0.128/25", "10.2.0.9"), forward({ action: "accept", source: "10.1.0.0/24" })],
    [],
  ],
  ["a network whose answers a drop takes", [printers({ source: "10.1.0.0/24" })], ["drops-answers"]],
  ["an interface whose answers a drop takes", [printers({ inInterface: "staff" })], ["drops-answers"]],
  [
    "two networks, of which the answers arrive through an interface that a drop takes",
    [staff, printers({ source: "10.1.0.0/24", destination: "10.2.0.0/24", outInterface: undefined })],
    ["drops-answers"],
  ],
  ["an interface whose answers pass before a drop", [printers({ inInterface: "staff" }, ANSWERS)], []],
  ["an interface whose answers return to the policy", [printers({ inInterface: "staff" }, RETURN)], []],
  ["an interface of whose answers a drop takes some", [printers({ inInterface: "staff" }, undefined, SOME)], []],
  [
    "one direction with the policy accept, behind which all is dropped",
    [filter({ chain: "forward", rules: [OUT, { action: "drop" }] })],
    ["drops-answers"],
  ],
  ["one direction of an input chain", [filter({ ...DROP_INPUT, rules: [LO, ANSWERS, OUT_ONLY] })], []],
];
each(cases);

test("the warning names what drops the answers", () => {
  const messages = [forward(OUT), printers({ inInterface: "staff" })].map((chain) => runChecks([chain])[0]?.message);
  expect(messages).toMatchObject(
    [
      /accepts packets by rules\[0\] and drops the answers to them by its policy, so no/,
      /accepts packets by rules\[0\] and drops the answers to them by rules\[2\], so no/,
    ].map((text) => expect.stringMatching(text)),
  );
});
