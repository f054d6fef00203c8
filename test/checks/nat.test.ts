import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, cable, each, forwarding, lan, namespace, nat, on, one, route, veth } from "./pieces.ts";

// A router between a client and an uplink, in a lab that leads nowhere else.
const closed = [
  ...["client", "router", "provider"].map(namespace),
  forwarding("router"),
  cable("client", ["192.168.51.2/24"], "router", ["192.168.51.1/24"]),
  cable("router", ["203.0.113.2/30"], "provider", ["203.0.113.1/30"]),
  route("client", "default", "192.168.51.1"),
];
const out = [forwarding("provider"), route("router", "default", "203.0.113.1")];
const rule = (place: string | null | undefined, more: object) =>
  one("NatRule", { namespace: place, type: "masquerade", source: "192.168.15.0/24", ...more });
const [typo, back] = [rule("router", {}), rule("router", { source: "192.168.51.0/24" })];
const vxlan = (remote: string | null | undefined) =>
  one("Vxlan", { name: "vx", namespace: "router", vni: 1, mtu: 1400, remote });
const wg = (publicKey: string, other: string) =>
  one("WireGuard", {
    ...{ name: `wg-${publicKey}`, namespace: "router", publicKey, mtu: 1400, listenPort: 51_820 },
    peers: [{ publicKey: other, endpoint: "203.0.113.2:51820" }],
  });
const program = (place?: string) => one("Process", { namespace: place, command: ["bird"] });

const dnat = (place: string | undefined, toAddress: string | null, more: object = {}) =>
  one("NatRule", { namespace: place, type: "dnat", protocol: "tcp", destinationPort: 80, toAddress, ...more });
const still = closed.filter(({ type }) => type !== "Sysctl" && type !== "Route");

const SOURCE = ["no-such-source"];
const FORWARDING = ["no-forwarding"];

const cases: Case[] = [
  ["a source behind the router", [closed, back], []],
  ["a source that nothing leads to", [closed, typo], SOURCE],
  ["a wider source", [closed, rule("router", { source: "192.168.0.0/16" })], []],
  ["a single source behind the router", [closed, rule("router", { source: "192.168.51.77" })], []],
  ["a single source that nothing leads to", [closed, rule("router", { source: "192.168.52.2" })], SOURCE],
  [
    "an IPv6 source that nothing leads to",
    [closed, rule("router", { source: "fd00:15::/64" })],
    [...SOURCE, "no-default-route"],
  ],
  ["no source", [closed, rule("router", { source: undefined })], []],
  ["a snat of a source that nothing leads to", [closed, rule("router", { type: "snat" })], SOURCE],
  ["a dnat for such a source", [closed, back, dnat("router", "192.168.51.2", { source: "192.168.15.0/24" })], []],
  [
    "a source that a route leads to",
    [closed, typo, route("router", "192.168.0.0/16", "192.168.51.2")],
    ["no-forwarding"],
  ],
  ["a source that another namespace has", [closed, typo, on("lan", "x", ["192.168.15.2/24"]), bridge("lan")], []],
  ["a program in the router, which may set addresses", [closed, typo, program("router")], []],
  ["a program of the lab host", [closed, typo, program()], []],
  ["an unknown address", [closed, typo, veth({ name: "x" }, { name: "y", addresses: [null] })], []],
  ["an unknown source", [closed, back, rule("router", { source: null })], []],
  [
    "a routing rule",
    [closed, typo, one("RoutingRule", { namespace: "router", priority: 100, table: 254, from: "192.168.15.0/24" })],
    [],
  ],
  ["the lab host", [lan, forwarding(), rule(undefined, {})], []],
  ["a namespace of another program", [rule("other", {})], []],
  ["a default route in a closed lab", [closed, out, back, typo], SOURCE],
  ["a default route, and a tunnel between two namespaces", [closed, out, back, typo, vxlan("203.0.113.1")], SOURCE],
  ["a default route, and a tunnel out of the lab", [closed, out, back, typo, vxlan("198.51.100.1")], []],
  ["a default route, and a tunnel to an unknown end", [closed, out, back, typo, vxlan(null)], []],
  ["a default route, and a tunnel whose ends are entries", [closed, out, back, typo, vxlan(undefined)], []],
  [
    "a default route, and a WireGuard with a peer in the lab",
    [closed, out, back, typo, wg("a", "b"), wg("b", "a")],
    SOURCE,
  ],
  ["a default route, and a WireGuard with another peer", [closed, out, back, typo, wg("a", "b")], ["unknown-peer"]],
  ["a default route, and a program elsewhere", [closed, out, typo, program("provider")], []],
  [
    "a default route over the rule's interface, and a program elsewhere",
    [closed, out, rule("router", { outInterface: "to-provider" }), program("provider")],
    SOURCE,
  ],
  [
    "a rule for packets from outside, which arrive by the default route",
    [closed, out, rule("router", { outInterface: "to-client" }), program("provider")],
    [],
  ],
  [
    "a default route through the lab host",
    [
      ...[lan, forwarding(), forwarding("a"), rule("a", {})],
      ...on("lan", "a", ["10.0.0.2/24"], { gateways: ["10.0.0.1"] }),
    ],
    [],
  ],

  ["a dnat to a host, without forwarding", [still, dnat("router", "192.168.51.2")], FORWARDING],
  [
    "two dnats to hosts, without forwarding",
    [still, dnat("router", "192.168.51.2"), dnat("router", "192.168.51.2")],
    FORWARDING,
  ],
  ["a dnat to a host, with forwarding", [closed, back, dnat("router", "192.168.51.2")], []],
  ["a dnat to an address of its own", [still, dnat("router", "192.168.51.1")], []],
  ["a dnat to its loopback interface", [still, dnat("router", "127.0.0.1")], []],
  ["a dnat to an unknown address", [still, dnat("router", null)], []],
  ["a dnat in the lab host", [still, dnat(undefined, "192.168.51.2")], []],
  [
    "a dnat beside a program, which may enable forwarding",
    [still, dnat("router", "192.168.51.2"), program("router")],
    [],
  ],
  [
    "a dnat with an unknown sysctl",
    [still, dnat("router", "192.168.51.2"), one("Sysctl", { namespace: "router", key: null, value: "1" })],
    [],
  ],
  [
    "a gateway with a dnat, without forwarding",
    [still, route("client", "default", "192.168.51.1"), dnat("router", "192.168.51.2")],
    FORWARDING,
  ],
  ["a source that the lab host has", [lan, nat(undefined, "10.0.0.0/24")], []],
];

each(cases);

test("the messages name the rule, its network, and what the namespace has", () => {
  expect(runChecks([...closed, typo])).toMatchObject([
    {
      about: typo,
      message: `no packet has a source in 192.168.15.0/24, that of NatRule ${typo.name}: no interface of the lab is in this network, and the namespace router has no route to it`,
      help: "set source to a network behind the namespace router; its interfaces are in 192.168.51.0/24, 203.0.113.0/30",
    },
  ]);
  const web = dnat("router", "192.168.51.2");
  expect(runChecks([...still, web])).toMatchObject([
    {
      about: web,
      message: `NatRule ${web.name} sends packets to 192.168.51.2, which is no address of the namespace router, but the program does not enable IPv4 forwarding there`,
      help: "add a Sysctl with the key net.ipv4.ip_forward and the value 1",
    },
  ]);
});
