import { describe, expect, test } from "vitest";
import type { Declared } from "../../checks/check.ts";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, cable, each, forwarding, lan, namespace, nat, on, one, route, veth } from "./pieces.ts";

const routers = [
  ...["c", "r1", "r2", "s"].map(namespace),
  cable("c", ["10.1.0.10/24"], "r1", ["10.1.0.1/24"]),
  cable("r1", ["10.0.0.1/24"], "r2", ["10.0.0.2/24"]),
  cable("r2", ["10.2.0.1/24"], "s", ["10.2.0.10/24"]),
  ...["r1", "r2"].map(forwarding),
  route("c", "default", "10.1.0.1"),
  route("s", "default", "10.2.0.1"),
  route("r1", "10.2.0.0/24", "10.0.0.2"),
];
/** A tunnel of the second router to the network of the clients. */
const tunnelTo = (network: string, routes: boolean) =>
  one("WireGuard", {
    name: "wg0",
    namespace: "r2",
    routes,
    peers: [{ publicKey: "x", endpoint: "10.0.0.1:1", allowedIps: [network] }],
  });
/** The routers with a way out, to a router that has no route to the networks behind them. */
const wayOut = [
  ...[...routers, namespace("net"), forwarding("net"), route("r2", "10.1.0.0/24", "10.0.0.1")],
  ...[cable("r2", ["203.0.113.2/30"], "net", ["203.0.113.1/30"]), route("r2", "default", "203.0.113.1")],
];
const throughNet = (more: object) =>
  one("NatRule", { namespace: "r2", type: "masquerade", outInterface: "to-net", ...more });
/** Two sites, each with a LAN and a default route to a router that has no route to the LANs. */
const sites = [
  ...["n", "s", "net", "hn", "hs"].map(namespace),
  ...["n", "s", "net"].map(forwarding),
  ...[cable("n", ["192.168.1.1/24"], "hn", ["192.168.1.2/24"]), route("hn", "default", "192.168.1.1")],
  ...[cable("s", ["192.168.2.1/24"], "hs", ["192.168.2.2/24"]), route("hs", "default", "192.168.2.1")],
  ...[cable("n", ["203.0.113.2/30"], "net", ["203.0.113.1/30"]), route("n", "default", "203.0.113.1")],
  ...[cable("s", ["203.0.113.6/30"], "net", ["203.0.113.5/30"]), route("s", "default", "203.0.113.5")],
];
/** A tunnel of a site to the LAN of the other one. */
const vpn = (place: string, other: number, more: object = {}) =>
  one("WireGuard", {
    ...{ name: "wg0", namespace: place, routes: true, mtu: 1400, addresses: [`10.255.0.${3 - other}/24`] },
    ...{ peers: [{ publicKey: "x", allowedIps: [`192.168.${other}.0/24`] }], ...more },
  });
const byGateway = (number: number) =>
  one("Route", {
    namespace: "n",
    destination: number === 0 ? "0.0.0.0/0" : `192.168.${number}.0/24`,
    via: "10.255.0.2",
    metric: 5,
  });
const program = (at: string) => one("Process", { namespace: at, command: ["bird"] });

const cases: Case[] = [
  [
    "a gateway that no host of the LAN has",
    [lan, forwarding(), on("lan", "a", ["10.0.0.2/24"]), route("a", "default", "10.0.0.99")],
    ["no-such-gateway"],
  ],
  [
    "a gateway of an end that no host of the LAN has",
    [lan, forwarding(), on("lan", "a", ["10.0.0.2/24"], { gateways: ["10.0.0.99"] })],
    ["no-such-gateway"],
  ],
  [
    "a gateway on a LAN with a program, which may set addresses",
    [lan, forwarding(), on("lan", "a", ["10.0.0.2/24"]), on("lan", "b", ["10.0.0.3/24"]), program("b")].concat([
      route("a", "default", "10.0.0.99"),
      route("b", "default", "10.0.0.1"),
    ]),
    [],
  ],
  [
    "a gateway behind a tunnel",
    [
      namespace("a"),
      one("Vxlan", { name: "vx", namespace: "a", vni: 1, addresses: ["10.0.0.2/24"] }),
      route("a", "default", "10.0.0.1"),
    ],
    [],
  ],
  [
    "a gateway on a LAN with proxy ARP",
    [
      ...[lan, forwarding(), on("lan", "a", ["10.0.0.2/24"]), route("a", "default", "10.0.0.99")],
      one("Sysctl", { key: "net.ipv4.conf.all.proxy_arp", value: "1" }),
    ],
    [],
  ],
  [
    "a gateway with an unknown address",
    [lan, forwarding(), on("lan", "a", ["10.0.0.2/24"]), route("a", "default", "10.0.0.99")].concat(
      veth({ name: "x", master: "lan" }, { name: "y", addresses: [null] }),
    ),
    [],
  ],

  ["no route for the answers", [routers], ["no-return-route"]],
  ["the routes of a WireGuard for the answers", [...routers, tunnelTo("10.1.0.0/24", true)], []],
  ["a WireGuard without routes", [...routers, tunnelTo("10.1.0.0/24", false)], ["no-return-route"]],
  ["a route for the answers", [routers, route("r2", "10.1.0.0/24", "10.0.0.1")], []],
  ["a default route for the answers", [routers, route("r2", "default", "10.0.0.1")], []],
  ["no route for the answers, with NAT that makes it unnecessary", [routers, nat("r1", "10.1.0.0/24")], []],
  ["a way out without NAT", [wayOut], ["no-return-route"]],
  ["two sites without NAT", [sites], ["no-return-route", "no-return-route"]],
  ["two sites without NAT, and a tunnel between them", [sites, vpn("n", 2), vpn("s", 1)], []],
  ["a tunnel to one of them only", [sites, vpn("n", 2)], ["no-return-route"]],
  ["a tunnel by a gateway", [sites, vpn("n", 2, { routes: false }), ...[1, 2].map(byGateway)], []],
  [
    "a tunnel with a default route",
    [sites, vpn("n", 2, { routes: false }), byGateway(0)],
    ["no-return-route", "no-return-route"],
  ],
  ["a way out with NAT", [wayOut, nat("r2", "10.0.0.0/8")], []],
  ["a way out with NAT of all packets", [wayOut, throughNet({})], []],
  ["a way out with NAT by the beginning of its name", [wayOut, throughNet({ outInterface: "to-n*" })], []],
  ["a way out with NAT of another one", [wayOut, throughNet({ outInterface: "to-r*" })], ["no-return-route"]],
  [
    "a way out with NAT of packets that return to it",
    [wayOut, throughNet({ inInterface: "to-net" })],
    ["no-return-route"],
  ],
  ["a router in which a program may learn routes", [routers, program("r2")], []],
  ["a network behind a router that no host uses", [routers.filter((one) => one !== routers[9])], ["no-default-route"]],

  ["a misspelt namespace", [namespace("red"), one("Address", { interface: "x", namespace: "rde" })], []],
  [
    "a misspelt namespace of a complete resource",
    [namespace("red"), one("Sysctl", { namespace: "rde", key: "net.ipv4.ip_forward", value: "1" })],
    ["unknown-namespace"],
  ],
  ["a namespace of another program", [namespace("red"), forwarding("green")], []],
  ["a namespace with another number", [namespace("host1"), forwarding("host2")], []],
  ["a namespace with one more digit", [namespace("host1"), forwarding("host12")], []],
  ["a namespace with a digit that is typed twice", [namespace("r2"), forwarding("r22")], ["unknown-namespace"]],

  [
    "a port in another namespace than its bridge",
    [namespace("red"), lan, veth({ name: "x", namespace: "red", master: "lan" }, { name: "y" })],
    ["unknown-master"],
  ],
  ["a port whose bridge was removed", [veth({ name: "x", master: "lan" }, { name: "y" })], ["unknown-master"]],
  [
    "a port in a namespace in which a program creates the bridge",
    [namespace("red"), veth({ name: "x", namespace: "red", master: "lan" }, { name: "y" }), program("red")],
    [],
  ],
  ["a port and its bridge", [bridge("lan"), veth({ name: "x", master: "lan" }, { name: "y" })], []],

  ["a misspelt sysctl", [one("Sysctl", { key: "net.ipv4.ip_fordward", value: "1" })], ["unknown-sysctl"]],
  [
    "a misspelt sysctl of an interface",
    [one("Sysctl", { key: "net/ipv4/conf/eth0/rp_fliter", value: "1" })],
    ["unknown-sysctl"],
  ],
  ["sysctls that exist", [one("Sysctl", { key: "net.ipv6.conf.eth0/5.accept_ra", value: "0" }), forwarding()], []],
  ...["net.ipv4.ip_forwarding", "net.ipv4.conf.eth0.reverse_path", "net.ipv6.conf.forwarding", "net.ipv4.zzz"].map(
    (key): Case => [`${key}, which no kernel has`, [one("Sysctl", { key, value: "1" })], ["unknown-sysctl"]],
  ),
  ...["net.ipv4.vs.zzz", "net.netfilter.zzz", "net.bridge.zzz", "net.ipv4.zzz.zzz", "net.core.zzz"].map(
    (key): Case => [`${key}, which a module may have`, [one("Sysctl", { key, value: "1" })], []],
  ),
  ["a sysctl that this list lacks", [one("Sysctl", { key: "net.mptcp.enabled", value: "1" })], []],
];

describe("findings", () => each(cases));

test.each<[string, (Declared | Declared[])[], RegExp]>([
  [
    "no-such-gateway",
    [lan, forwarding(), on("lan", "a", ["10.0.0.2/24"]), route("a", "default", "10.0.0.99")],
    /^no interface on the LAN of the namespace a has the address of its gateway 10\.0\.0\.99; the LAN has 10\.0\.0\.1$/,
  ],
  [
    "no-return-route",
    [routers],
    /^the namespace r2 has no route back to 10\.1\.0\.0\/24, the network behind the namespace r1, which sends packets to it \(Route n\d+\)$/,
  ],
  [
    "no-return-route",
    [wayOut],
    /^the namespace net has no route back to 10\.2\.0\.0\/24, the network behind the namespace r2, which sends packets to it \(Route n\d+\)$/,
  ],
  [
    "unknown-namespace",
    [namespace("red"), forwarding("rde")],
    /^no resource creates the namespace rde; did you mean red\?$/,
  ],
  [
    "unknown-master",
    [namespace("red"), lan, veth({ name: "x", namespace: "red", master: "lan" }, { name: "y" })],
    /^x in the namespace red cannot be a port of lan: Bridge n\d+ is in the lab host$/,
  ],
  [
    "unknown-master",
    [veth({ name: "x", master: "lan" }, { name: "y" })],
    /^x is to be a port of lan, which no resource of the program creates$/,
  ],
  [
    "unknown-sysctl",
    [one("Sysctl", { key: "net.ipv4.conf.eth0.rp_fliter", value: "1" })],
    /^the kernel has no sysctl net\.ipv4\.conf\.eth0\.rp_fliter; did you mean net\.ipv4\.conf\.eth0\.rp_filter\?$/,
  ],
])("the message of %s names the mistake", (check, parts, message) => {
  const found = runChecks(parts.flat());
  expect(found.find((finding) => finding.check === check)?.message).toMatch(message);
});

const ALL = "`sysctl --all` on the lab host lists all keys";

test.each([
  ["net.ipv4.conf.eth0.rp_fliter", "; did you mean net.ipv4.conf.eth0.rp_filter?", ALL],
  ...[
    [
      "net.ipv4.ip_forwarding",
      "; did you mean net.ipv4.ip_forward or net.ipv4.ip_forward_use_pmtu or net.ipv4.ip_forward_update_priority?",
    ],
    ["net.ipv4.forwarding", "; did you mean net.ipv4.conf.all.forwarding?"],
    ["net.ipv6.conf.accept_ra", "; did you mean net.ipv6.conf.all.accept_ra?"],
    [
      "net.ipv4.conf.eth0/5.path_filter",
      "; did you mean net.ipv4.conf.eth0/5.arp_filter or net.ipv4.conf.eth0/5.rp_filter?",
    ],
    ["net.ipv4.zzz", ""],
  ].map(([key, question]) => [key, question, `${ALL}; if it lists this one, turn this check off for the resource`]),
])("the message about the key %s names similar keys", (key, question, help) => {
  const beginning = help === ALL ? "the kernel has no" : "no known version of the kernel has the";
  const message = `${beginning} sysctl ${key}${question}`;
  expect(runChecks([one("Sysctl", { key, value: "1" })])).toMatchObject([{ message, help }]);
});

test("without NAT on the way out, the help names the rule", () => {
  const found = runChecks(wayOut).find(({ check }) => check === "no-return-route");
  expect(found?.help).toBe(
    'add a Route there with the destination "10.2.0.0/24" via 203.0.113.2, or a NatRule of type masquerade in the namespace r2 with that source',
  );
});
