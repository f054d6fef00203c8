import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, cable, each, forwarding, lan, namespace, on, one, route, veth } from "./pieces.ts";

const dnat = (toAddress: string | null | undefined, place?: string | null) =>
  one("NatRule", { namespace: place, type: "dnat", protocol: "tcp", destinationPort: 80, toAddress });

// The lab host is the router of a LAN.
const office = [lan, forwarding(), ...on("lan", "a", ["10.0.0.2/24"], { gateways: ["10.0.0.1"] })];
// The server is behind an inner router.
const campus = [
  ...["edge", "inner", "server"].map(namespace),
  ...["edge", "inner"].map(forwarding),
  cable("edge", ["10.1.0.1/30"], "inner", ["10.1.0.2/30"]),
  cable("inner", ["10.2.0.1/24"], "server", ["10.2.0.9/24"]),
  route("edge", "10.2.0.0/24", "10.1.0.2"),
  route("inner", "default", "10.1.0.1"),
  route("server", "default", "10.2.0.1"),
];

const FOUND = ["no-such-target"];

const cases: Case[] = [
  ["a host of the LAN", [office, dnat("10.0.0.2")], []],
  ["an address that no host of the LAN has", [office, dnat("10.0.0.9")], FOUND],
  ["an address of the router itself", [office, dnat("10.0.0.1")], []],
  ["an address outside of all networks", [office, dnat("192.0.2.1")], []],
  ["a loopback address", [office, dnat("127.0.0.1")], []],
  ["a range", [office, dnat("10.0.0.8-10.0.0.9")], []],
  ["an unknown address", [office, dnat(null)], []],
  ["an exception, which has no address", [office, one("NatRule", { type: "dnat", exclude: true })], []],
  [
    "a rule for the source",
    [office, one("NatRule", { type: "snat", toAddress: "10.0.0.9", outInterface: "eth0" })],
    [],
  ],
  ["a LAN without other hosts", [bridge("lan", { addresses: ["10.0.0.1/24"] }), dnat("10.0.0.9")], []],
  ["a host behind another router", [campus, dnat("10.2.0.9", "edge")], []],
  ["an address that no host behind another router has", [campus, dnat("10.2.0.8", "edge")], FOUND],
  ["an address in no network of a lab without a way out", [campus, dnat("192.0.2.1", "edge")], FOUND],
  [
    "an address in no network of a lab with a way out",
    [campus, cable(undefined, ["198.51.100.1/24"], "edge", ["198.51.100.2/24"]), dnat("192.0.2.1", "edge")],
    [],
  ],
  [
    "a more specific route to the address",
    [campus, forwarding("server"), route("inner", "10.2.0.8/32", "10.2.0.9"), dnat("10.2.0.8", "edge")],
    [],
  ],
  [
    "an address on a LAN with a program",
    [office, one("Process", { namespace: "a", command: ["keepalived"] }), dnat("10.0.0.9")],
    [],
  ],
  [
    "an address behind a physical interface",
    [
      ...office,
      namespace("b"),
      forwarding("b"),
      one("Nic", { name: "uplink", from: "enp3s0", namespace: "b", addresses: ["10.5.0.1/24"] }),
      dnat("10.5.0.9", "b"),
    ],
    [],
  ],
  [
    "an address of a LAN with an unknown address",
    [office, veth({ name: "x", master: "lan" }, { name: "y", addresses: [null] }), dnat("10.0.0.9")],
    [],
  ],
  ["an unknown route", [campus, route("inner", "10.2.0.8/32", null), dnat("10.2.0.8", "edge")], []],
  [
    "an unknown interface of the rule",
    [office, one("NatRule", { type: "dnat", inInterface: null, toAddress: "10.0.0.9" })],
    FOUND,
  ],
];
each(cases);

const names = (addresses: object | null, place = "a") => one("Hosts", { namespace: place, addresses });
const server = (...nameservers: (string | null)[]) => one("Hosts", { namespace: "a", nameservers });
each([
  ["the name of a host of the LAN", [office, names({ web: "10.0.0.2", router: ["10.0.0.1"] })], []],
  ["a name of an address that no host of the LAN has", [office, names({ web: "10.0.0.9" })], FOUND],
  ["a name with one such address of two", [office, names({ web: ["10.0.0.2", "10.0.0.9"] })], FOUND],
  ["a name server that no host of the LAN is", [office, server("10.0.0.1", "10.0.0.53")], FOUND],
  ["a name server outside", [office, server("9.9.9.9")], []],
  ["a name of an address in no network of a lab without a way out", [campus, names({ web: "192.0.2.1" }, "edge")], []],
  ["a name that leads nowhere on purpose", [office, names({ ads: "0.0.0.0", me: "127.0.1.1" })], []],
  ["a name in a namespace of another program", [office, names({ web: "10.0.0.9" }, "green")], []],
  ["unknown names, addresses and name servers", [office, names(null), names({ web: null }), server(null)], []],
  [
    "a name on a LAN with a program",
    [office, one("Process", { namespace: "a", command: ["udhcpc"] }), names({ web: "10.0.0.9" })],
    [],
  ],
]);

test("the message names the argument of a name and of a name server", () => {
  const both = one("Hosts", { namespace: "a", addresses: { web: "10.0.0.8" }, nameservers: ["10.0.0.9"] });
  expect(runChecks([...office, both]).map(({ message }) => message)).toEqual([
    `no interface has 10.0.0.8, addresses.web of Hosts ${both.name}; the LAN of that address has 10.0.0.1`,
    `no interface has 10.0.0.9, nameservers[0] of Hosts ${both.name}; the LAN of that address has 10.0.0.1`,
  ]);
});

test("the message names the rule and the addresses that the LAN has", () => {
  const rule = dnat("10.0.0.9");
  expect(runChecks([...office, rule])).toMatchObject([
    {
      about: rule,
      message: `no interface has 10.0.0.9, the toAddress of NatRule ${rule.name}; the LAN of that address has 10.0.0.2`,
      help: "use the address of a host on that LAN, or add the address to the host",
    },
  ]);
});
