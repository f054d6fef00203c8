import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, forwarding, namespace, one, veth } from "./pieces.ts";

const red = [namespace("red"), veth({ name: "eth0", namespace: "red" }, { name: "up" })];
const masquerade = (outInterface: string | readonly (string | null)[] | null, place: string | null = "red") =>
  one("NatRule", { namespace: place, type: "masquerade", outInterface });
const dnat = (inInterface: string) =>
  one("NatRule", { namespace: "red", type: "dnat", inInterface, toAddress: "10.0.0.9" });
const chain = (...rules: object[]) => one("FilterChain", { namespace: "red", chain: "forward", rules });
const selecting = (match: object) => one("RoutingRule", { namespace: "red", priority: 100, table: 254, ...match });
const program = (place: string | undefined, interfaces?: (string | null)[] | null) =>
  one("Process", { namespace: place, command: ["wg"], ...(interfaces !== undefined && { interfaces }) });

const vlan = (name: string) => one("Vlan", { name, namespace: "red", link: "eth0", linkNamespace: "red", vid: 10 });
const named = (altname: string | null) => one("Dummy", { name: "d", namespace: "red", altname });

const FOUND = ["unknown-interface"];

const cases: Case[] = [
  ["a masquerade over an interface that exists", [red, masquerade("eth0")], []],
  ["a masquerade over one that does not", [red, masquerade("etho0")], FOUND],
  ["a masquerade over two of which one does not", [red, masquerade(["eth0", "etho0"])], FOUND],
  ["a masquerade over two of which one is not known yet", [red, masquerade(["eth0", null])], []],
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

const on = (name: string) => ({ namespace: "red", interface: name });
const sysctl = (key: string, more: object = {}) => one("Sysctl", { namespace: "red", key, value: 1, ...more });
const toBlue = (hop: object) => one("Route", { namespace: "red", destination: "10.8.0.0/16", ...hop });
const objects = (name: string) =>
  [
    ["an address", one("Address", { ...on(name), address: "10.0.0.2/24" })],
    ["a neighbor", one("Neighbor", { ...on(name), address: "10.0.0.9", lladdr: "02:00:00:00:00:09" })],
    ["an entry of a bridge's table", one("FdbEntry", { ...on(name), lladdr: "02:00:00:00:00:09" })],
    ["a rate", one("Tbf", { ...on(name), rate: "1mbit", burst: 1600 })],
    ["a delay", one("Netem", { ...on(name), delay: 10 })],
    ["a fair queue", one("FqCodel", on(name))],
    ["a next hop", one("Nexthop", { ...on(name), nhid: 10 })],
    ["a route", toBlue(on(name))],
    ["a route with several next hops", toBlue({ nexthops: [{ interface: "eth0" }, { interface: name }] })],
    ["a sysctl of IPv4", sysctl(`net.ipv4.conf.${name}.rp_filter`)],
    ["a sysctl of IPv6 in slashes", sysctl(`net/ipv6/conf/${name}/accept_ra`)],
    ["a sysctl of neighbors", sysctl(`net.ipv4.neigh.${name}.gc_stale_time`)],
    ["a sysctl of MPLS", sysctl(`net.mpls.conf.${name}.input`)],
    ["a sysctl with an interface", sysctl("net.ipv4.conf.{interface}.rp_filter", { interface: name })],
  ] as const;
each([
  ...objects("eth0").map(([what, made]): Case => [`${what} on an interface that exists`, [red, made], []]),
  ...objects("eth7").map(([what, made]): Case => [`${what} on one that does not`, [red, made], FOUND]),
  ...objects("eth7").map(([what, made]): Case => [`${what} beside a program`, [red, made, program("red")], []]),
  [
    "the sysctls of all interfaces, and of new ones",
    [red, ...["all", "default"].map((name) => objects(name)[9][1])],
    [],
  ],
  ["the sysctl of a VLAN", [red, vlan("eth0.10"), sysctl("net.ipv4.conf.eth0/10.rp_filter")], []],
  [
    "the sysctl of a VLAN that does not exist",
    [red, vlan("eth0.10"), sysctl("net.ipv4.conf.eth0/20.rp_filter")],
    FOUND,
  ],
  ["an address on the altname of an interface", [red, named("office"), objects("office")[0][1]], []],
  ["an address beside an unknown altname", [red, named(null), objects("office")[0][1]], []],
  ["the sysctl of an altname", [red, named("office"), objects("office")[9][1]], FOUND],
  [
    "an address on an unknown interface",
    [red, one("Address", { namespace: "red", interface: null, address: "10.0.0.2/24" })],
    [],
  ],
]);

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
      help: "refer to the resource of the interface instead of writing its name; the interfaces there are lo, eth0, uplink",
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
