import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, forwarding, namespace, one, route } from "./pieces.ts";

/** A router between a client and a provider, whose network has more addresses than the router. */
const lab = [
  ...["client", "router", "provider"].map(namespace),
  ...[forwarding("router"), forwarding("provider")],
  cable("client", ["192.168.51.2/24"], "router", ["192.168.51.1/24"]),
  cable("router", ["203.0.113.2/24"], "provider", ["203.0.113.1/24"]),
  ...[route("client", "default", "192.168.51.1"), route("router", "default", "203.0.113.1")],
  one("NatRule", { namespace: "router", type: "masquerade", source: "192.168.51.0/24" }),
];
const dnat = (destination: string | readonly string[] | null, more: object = {}) =>
  one("NatRule", {
    ...{ namespace: "router", type: "dnat", protocol: "tcp", destinationPort: 80, toAddress: "192.168.51.2" },
    ...{ destination, ...more },
  });
const snat = (toAddress: string, more: object = {}) =>
  one("NatRule", { namespace: "router", type: "snat", source: "192.168.51.9", toAddress, priority: 90, ...more });
const held = (place: string, link: string, address: string) =>
  one("Address", { namespace: place, interface: link, address });
const program = (place?: string) => one("Process", { namespace: place, command: ["bird"] });
const without = (destination: string) =>
  lab.filter(({ args }) => (args as { destination?: string }).destination !== destination);

const FOUND = ["unanswered-nat"];

const cases: Case[] = [
  ["a destination that the router has", [lab, dnat("203.0.113.2")], []],
  ["one in its network that no interface has", [lab, dnat("203.0.113.9")], FOUND],
  ["one with a prefix length", [lab, dnat("203.0.113.9/32")], FOUND],
  ["a network", [lab, dnat("203.0.113.8/29")], []],
  ["a list with one that no interface has", [lab, dnat(["203.0.113.2", "203.0.113.9"])], FOUND],
  ["a list with two that no interface has", [lab, dnat(["203.0.113.9", "203.0.113.11"])], [...FOUND, ...FOUND]],
  ["a list of those that the router has", [lab, dnat(["203.0.113.2", "192.168.51.1"])], []],
  [
    "one of packets that arrive at one of several interfaces",
    [lab, dnat("203.0.113.9", { inInterface: ["to-client", "to-provider"] })],
    FOUND,
  ],
  [
    "one of packets that arrive at several other interfaces",
    [lab, dnat("203.0.113.9", { inInterface: ["to-client", "lo"] })],
    [],
  ],
  [
    "one that the router has on another interface",
    [lab, dnat("203.0.113.9"), held("router", "lo", "203.0.113.9/32")],
    [],
  ],
  ["one that another node has", [lab, dnat("203.0.113.1")], []],
  ["one in no network of the router", [lab, dnat("198.51.100.9")], []],
  ["one of the network of the clients, which may be for packets from elsewhere", [lab, dnat("192.168.51.77")], []],
  ["such one of packets from the clients", [lab, dnat("192.168.51.77", { inInterface: "to-client" })], FOUND],
  ["one of packets that arrive there", [lab, dnat("203.0.113.9", { inInterface: "to-provider" })], FOUND],
  ["one of packets that arrive elsewhere", [lab, dnat("203.0.113.9", { inInterface: "to-client" })], []],
  ["one of a redirect", [lab, dnat("203.0.113.9", { type: "redirect", toAddress: undefined, toPort: 8080 })], FOUND],
  ["one of an exception", [lab, dnat("203.0.113.9", { exclude: true, toAddress: undefined })], []],
  ["one with a route to it", [lab, dnat("203.0.113.9"), route("provider", "203.0.113.8/29", "203.0.113.2")], []],
  ["no default route", [without("default"), dnat("203.0.113.9")], ["no-default-route"]],
  [
    "a proxy",
    [lab, dnat("203.0.113.9"), one("Sysctl", { namespace: "router", key: "net.ipv4.conf.all.proxy_arp", value: "1" })],
    [],
  ],
  [
    "a proxy for the address",
    [
      ...[lab, dnat("203.0.113.9")],
      one("Neighbor", { namespace: "router", interface: "to-provider", address: "203.0.113.9", proxy: true }),
    ],
    [],
  ],
  ["a program in the router", [lab, dnat("203.0.113.9"), program("router")], []],
  ["a program on the network", [lab, dnat("203.0.113.9"), program("provider")], []],
  ["an unknown address", [lab, dnat("203.0.113.9"), held("router", "lo", null as never)], []],
  ["an unknown destination", [lab, dnat(null)], []],
  ["no destination", [lab, dnat(undefined as never)], []],
  ["the lab host", [lab, dnat("203.0.113.9", { namespace: undefined })], []],

  ["a source that the router has", [lab, snat("203.0.113.2")], []],
  ["one in its network that no interface has", [lab, snat("203.0.113.9")], FOUND],
  ["one of packets that leave there", [lab, snat("203.0.113.9", { outInterface: "to-provider" })], FOUND],
  ["one of packets that leave elsewhere", [lab, snat("203.0.113.9", { outInterface: "to-client" })], []],
  ["a range of addresses", [lab, snat("203.0.113.8-203.0.113.9")], []],
  ["one in no network of the router", [lab, snat("198.51.100.9")], []],
];
each(cases);

test("the message names the argument, the network and a solution", () => {
  const rule = dnat("203.0.113.9");
  expect(runChecks([...lab, rule])).toMatchObject([
    {
      about: rule,
      message: `destination of NatRule ${rule.name} is 203.0.113.9, in the network 203.0.113.0/24 of router/to-provider, but no interface of the lab has this address: no packet to it arrives from there`,
      help: "add 203.0.113.9/32 to the addresses of router/to-provider, or use an address that it has: 203.0.113.2",
    },
  ]);
});
