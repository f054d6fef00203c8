import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, each, namespace, one, veth } from "./pieces.ts";

const port = (name: string, isolated: boolean | null = true, master = "lan") => [
  namespace(name),
  veth({ name: "eth0", namespace: name }, { name: `to-${name}`, master, port: { isolated } }),
];
const lan = bridge("lan");
const two = [port("a"), port("b")].flat();

const FOUND = ["isolated-ports"];

const cases: Case[] = [
  ["a bridge whose ports are all isolated", [lan, two], FOUND],
  ["one port that is not", [lan, two, port("c", false)], []],
  ["one port that may not be", [lan, two, port("c", null)], []],
  ["a single port", [lan, port("a")], []],
  ["a bridge with an address", [bridge("lan", { addresses: ["10.0.0.1/24"] }), two], []],
  ["a bridge with an unknown address", [lan, two, one("Address", { interface: "lan", address: null })], []],
  ["a bridge with a VLAN on it", [lan, two, one("Vlan", { name: "v", link: "lan", vid: 10 })], []],
  ["a bridge beside a program", [lan, two, one("Process", { command: ["dnsmasq"] })], []],
  ["a program elsewhere", [lan, two, one("Process", { namespace: "a", command: ["sh"] })], FOUND],
  ["a bridge of another program", [port("a", true, "br0"), port("b", true, "br0")], ["unknown-master"]],
  [
    "a link with an unknown name, which may be a port",
    [lan, two, veth({ name: null, master: "lan" }, { name: "x" })],
    [],
  ],
  [
    "isolated members of a bond",
    [
      one("Bond", { name: "bond", mode: "active-backup" }),
      ...["d", "e"].map((name) => one("Dummy", { name, master: "bond", port: { isolated: true } })),
    ],
    ["ignored-by-master", "ignored-by-master"],
  ],
];
each(cases);

test("the message names the bridge and its ports", () => {
  expect(runChecks([lan, ...two])).toMatchObject([
    {
      about: lan,
      message:
        `no host behind a port of Bridge ${lan.name} reaches one behind another port: all of its ports are isolated, ` +
        "to-a, to-b, and the bridge has no address",
      help: "remove port.isolated from the port that the others are to reach, such as that of a router",
    },
  ]);
});
