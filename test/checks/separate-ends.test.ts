import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, forwarding, namespace, one, route } from "./pieces.ts";

const places = [namespace("red"), namespace("blue")];
const ends = (a: (string | null)[], b: string[]) => [...places, cable("red", a as string[], "blue", b)];
const apart = ends(["10.0.0.1/24"], ["10.0.1.2/24"]);
const program = (place?: string) => one("Process", { namespace: place, command: ["bird"] });

const FOUND = ["separate-ends"];

const cases: Case[] = [
  ["ends in one network", [ends(["10.0.0.1/24"], ["10.0.0.2/24"])], []],
  ["ends in two networks", [apart], FOUND],
  ["ends in several networks, one of which both are in", [ends(["10.0.0.1/24", "10.9.0.1/24"], ["10.9.0.2/24"])], []],
  ["ends in networks one of which contains the other", [ends(["10.0.0.1/16"], ["10.0.1.2/24"])], ["mixed-prefixes"]],
  ["an end without an address", [ends(["10.0.0.1/24"], [])], []],
  ["ends of two families", [ends(["10.0.0.1/24"], ["fd00::1/64"])], FOUND],
  ["ends of two families with link-local addresses", [ends(["10.0.0.1/24", "fe80::1/64"], ["fd00::1/64"])], FOUND],
  ["link-local addresses", [ends(["fe80::1/64"], ["fe80::2/64"])], []],
  ["an end with a link-local address alone", [ends(["10.0.0.1/24"], ["fe80::2/64"])], []],
  ["ends in two IPv6 networks", [ends(["fd00:13::1/64"], ["fd00:14::2/64"])], FOUND],
  ["ends in one IPv6 network", [ends(["fd00:13::1/64"], ["fd00:13::2/64"])], []],
  [
    "ends in one IPv4 and two IPv6 networks",
    [ends(["10.0.0.1/24", "fd00:13::1/64"], ["10.0.0.2/24", "fd00:14::2/64"])],
    FOUND,
  ],
  ["ends of which one has a second family", [ends(["10.0.0.1/24", "fd00:13::1/64"], ["10.0.0.2/24"])], []],
  [
    "a route via a link-local address",
    [
      ends(["fd00:13::1/64"], ["fd00:14::2/64"]),
      one("Route", { namespace: "red", destination: "fd00:14::/64", via: "fe80::2", interface: "to-blue" }),
    ],
    [],
  ],
  ["single addresses", [ends(["10.0.0.1/32"], ["10.0.1.2/32"])], []],
  [
    "a route over an end",
    [apart, one("Route", { namespace: "red", destination: "10.0.1.0/24", interface: "to-blue" })],
    [],
  ],
  [
    "a route by another interface",
    [
      apart,
      namespace("far"),
      cable("red", ["10.5.0.1/24"], "far", ["10.5.0.2/24"]),
      forwarding("far"),
      route("red", "10.7.0.0/16", "10.5.0.2"),
    ],
    FOUND,
  ],
  ["a proxy", [apart, one("Sysctl", { namespace: "blue", key: "net.ipv4.conf.all.proxy_arp", value: 1 })], []],
  ["a program in a namespace", [apart, program("blue")], []],
  ["a program of the lab host", [apart, program()], []],
  ["an unknown address", [ends([null], ["10.0.1.2/24"])], []],
  [
    "a macvlan on an end",
    [
      apart,
      one("Macvlan", {
        name: "m",
        namespace: "blue",
        link: "to-red",
        linkNamespace: "blue",
        addresses: ["10.0.0.9/24"],
      }),
    ],
    [],
  ],
  ["a namespace of another program", [namespace("red"), cable("red", ["10.0.0.1/24"], "blue", ["10.0.1.2/24"])], []],
];
each(cases);

test("the message names both ends with their addresses", () => {
  expect(runChecks(apart)).toMatchObject([
    {
      message:
        "the ends of the cable are in different networks, so that neither reaches the other: red/to-blue has 10.0.0.1/24, blue/to-red has 10.0.1.2/24",
      help: "use addresses of one network for both ends",
    },
  ]);
  expect(runChecks(ends(["10.0.0.1/24"], ["fd00::1/64"]))).toMatchObject([
    {
      message:
        "the ends of the cable are in different networks, so that neither reaches the other by IPv4 or IPv6: red/to-blue has 10.0.0.1/24, blue/to-red has fd00::1/64",
    },
  ]);
});
