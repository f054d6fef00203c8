import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, each, lan, namespace, on, one, veth } from "./pieces.ts";

const program = (place: string | null | undefined, ...command: (string | null)[]) =>
  one("Process", { namespace: place, command });
const client = (place: string, ...more: string[]) => program(place, "udhcpc", "--foreground", ...more);

/** A LAN of the lab host with a host that asks for an address. */
const phone = [lan, on("lan", "phone", []), client("phone", "--interface", "eth0")].flat();
const nas = on("lan", "nas", ["10.0.0.2/24"]);

const FOUND = ["no-dhcp-server"];

const cases: Case[] = [
  ["a client alone on a LAN", phone, FOUND],
  ["two clients on a LAN", [phone, on("lan", "tablet", []), client("tablet", "-i", "eth0")], [...FOUND, ...FOUND]],
  ["a client by its path", [lan, on("lan", "a", []), program("a", "/sbin/udhcpc", "-i", "eth0")], FOUND],
  ["a server on the LAN", [phone, nas, program("nas", "dnsmasq", "--no-daemon")], []],
  ["a server on another LAN", [phone, namespace("nas"), program("nas", "dnsmasq", "--no-daemon")], FOUND],
  ["a server that a command starts", [phone, nas, one("Command", { namespace: "nas", create: ["./serve"] })], []],
  ["a program of the lab host", [phone, program(undefined, "dnsmasq")], []],
  ["a program in an unknown place", [phone, program(null, "dnsmasq")], []],
  ["an unknown command on the LAN", [phone, nas, program("nas", null)], []],
  ["an unknown interface", [phone, veth({ name: null }, { name: "y" })], []],
  ["a client with an unknown interface", [lan, on("lan", "a", []), program("a", "udhcpc", "-i", null)], []],
  ["a client without an interface", [lan, on("lan", "a", []), client("a")], []],
  ["a network card on the LAN", [phone, one("Nic", { name: "enp1s0", master: "lan" })], []],
  [
    "a tunnel on the LAN",
    [phone, one("Vxlan", { name: "vx", vni: 1, master: "lan", remote: "192.0.2.1", mtu: 1500 })],
    [],
  ],
  [
    "a cable to a namespace of another program",
    [phone, veth({ name: "x", namespace: "other" }, { name: "y", master: "lan" })],
    [],
  ],
  [
    "a macvlan of an interface of the lab host",
    [namespace("a"), one("Macvlan", { name: "eth0", namespace: "a", link: "enp1s0" }), client("a", "-i", "eth0")],
    [],
  ],
  [
    "a client on a lab host, and a program of another one",
    [
      ...phone.map((declared) => ({ ...declared, args: { ...(declared.args as object), host: "lab1" } })),
      program(undefined, "dnsmasq"),
    ],
    FOUND,
  ],
];

each(cases);

test("the message names the interface and the client, and the help has an example", () => {
  expect(runChecks(phone)).toMatchObject([
    {
      message: expect.stringMatching(
        /^phone\/eth0 gets no address: Process n\d+ asks for one by DHCP, and no program on its LAN could be a DHCP server$/,
      ),
      help: expect.stringMatching(/a Process in the namespace of its router with command: \["dnsmasq", /),
    },
  ]);
});
