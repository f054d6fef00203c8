import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, each, lan, on, one, veth } from "./pieces.ts";

const MAC = "02:00:00:00:00:01";
const a = on("lan", "a", ["10.0.0.2/24"], { mac: MAC });
const b = (mac: string | null, master = "lan") => on(master, "b", ["10.0.0.3/24"], { mac });
const port = (name: string, master: string, mac: string) => veth({ name: `${name}0` }, { name, master, mac });

const FOUND = ["duplicate-mac"];

const cases: Case[] = [
  ["one MAC address on two hosts of a LAN", [lan, a, b(MAC)], FOUND],
  ["two MAC addresses", [lan, a, b("02:00:00:00:00:02")], []],
  ["an unknown one", [lan, a, b(null)], []],
  ["two hosts without one", [lan, on("lan", "a", ["10.0.0.2/24"]), on("lan", "b", ["10.0.0.3/24"])], []],
  ["one in another spelling", [lan, on("lan", "a", [], { mac: "02:00:00:00:00:AB" }), b("02:00:00:00:00:ab")], FOUND],
  ["one on two LANs", [lan, bridge("far"), a, b(MAC, "far")], []],
  [
    "one on two LANs that a cable joins",
    [lan, bridge("far"), a, b(MAC, "far"), veth({ name: "x", master: "lan" }, { name: "y", master: "far" })],
    FOUND,
  ],
  ["one on both ends of a cable", [veth({ name: "x", mac: MAC }, { name: "y", mac: MAC })], FOUND],
  ["one in VLANs that may be separate", [bridge("lan", { vlanFiltering: true }), a, b(MAC)], []],
  ["a bridge with that of a port", [bridge("l", { mac: MAC }), port("p", "l", MAC)], []],
  ["two ports of a bridge", [bridge("l"), port("p", "l", MAC), port("q", "l", MAC)], []],
  ["a bridge with that of a host", [bridge("lan", { mac: MAC, addresses: ["10.0.0.1/24"] }), a], FOUND],
  [
    "a virtual one of VRRP on two routers",
    [lan, on("lan", "a", [], { mac: "00:00:5e:00:01:07" }), on("lan", "b", [], { mac: "00:00:5e:00:01:07" })],
    [],
  ],
  [
    "one on two Macvlans of different hosts",
    [
      lan,
      ...["c", "d"].flatMap((name) => [
        ...on("lan", name, []),
        one("Macvlan", { name: "m", namespace: name, link: "eth0", linkNamespace: name, mac: MAC }),
      ]),
    ],
    FOUND,
  ],
];
each(cases);

test("the message names both interfaces and the resource of the first", () => {
  const [first, second] = [a[1], b(MAC)[1]];
  const found = runChecks([lan, ...a.slice(0, 1), ...[first, second].filter((one) => one !== undefined)]);
  expect(found).toMatchObject([
    {
      check: "duplicate-mac",
      about: second,
      message:
        `${MAC} is the MAC address of two interfaces of one LAN: a/eth0 (Veth ${first?.name}) and b/eth0. ` +
        "A frame to it reaches only one of them",
      help: "give one of them another mac, or leave mac out, so that each interface has a MAC address of its own",
    },
  ]);
});
