import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, each, namespace, one, route, veth } from "./pieces.ts";

const end = (place: string, ...addresses: string[]) => ({ name: `e-${place}`, namespace: place, addresses });
const places = [...["a", "b"].map(namespace), veth(end("a", "10.0.0.1/29"), end("b", "10.0.0.2/29"))];
const [A, B] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string];
const wg = (place: string, publicKey: string, peers: unknown, more: object = {}) =>
  one("WireGuard", { name: "wg0", namespace: place, mtu: 1400, publicKey, listenPort: 51_820, peers, ...more });
const peer = (publicKey: string, endpoint?: string | null, ...allowedIps: (string | null)[]) => ({
  ...{ publicKey, endpoint, allowedIps },
});
const b = (more: object = {}) =>
  wg("b", B, [peer(A, undefined, "10.9.0.1/32")], { addresses: ["10.9.0.2/24"], ...more });
const a = (endpoint?: string | null, ...networks: (string | null)[]) =>
  wg("a", A, [peer(B, endpoint, "10.9.0.2/32", ...networks)], { addresses: ["10.9.0.1/24"] });
const program = (place?: string) => one("Process", { namespace: place, command: ["bird"] });
const nat = one("NatRule", {
  namespace: "b",
  type: "redirect",
  protocol: "udp",
  destinationPort: 51_821,
  toPort: 51_820,
});
const good = "10.0.0.2:51820";
const over = (link: string, destination: string, more: object = {}) =>
  one("Route", { namespace: "a", interface: link, destination, ...more });
const FOUND = ["unreachable-peer"];
const LACKS = ["route-off-peers"];
const UNROUTED = ["unrouted-peers"];

const cases: Case[] = [
  ["an endpoint of the peer", [places, a(good), b()], []],
  ["no endpoint on either side", [places, a(), b()], FOUND],
  ["no endpoint, and a program", [places, a(), b(), program("b")], []],
  ["no endpoint, and an unknown one", [places, a(), wg("b", B, [peer(A, null)])], []],
  ["unknown peers of the other side", [places, a(), wg("b", B, null)], []],
  ["an address that the LAN does not have", [places, a("10.0.0.3:51820"), b()], FOUND],
  ["such an address, and a program on its LAN", [places, a("10.0.0.3:51820"), b(), program("b")], []],
  [
    "such an address, and an unknown one",
    [places, a("10.0.0.3:51820"), b(), veth(end("x"), { name: "y", addresses: [null] })],
    [],
  ],
  [
    "such an address with a route to it",
    [places, a("10.0.0.3:51820"), b(), route("a", "10.0.0.3/32", "10.0.0.2")],
    ["no-forwarding"],
  ],
  ["an address outside the lab", [places, a("198.51.100.3:51820"), b()], []],
  [
    "a LAN that leads out of the lab",
    [places, one("Nic", { name: "n", namespace: "a", addresses: ["10.1.0.1/24"] }), a("10.1.0.9:1"), b()],
    [],
  ],
  ["another port", [places, a("10.0.0.2:51821"), b()], FOUND],
  ["another port, which a rule translates", [places, a("10.0.0.2:51821"), b(), nat], []],
  ["a port that the kernel chooses", [places, a("10.0.0.2:51821"), b({ listenPort: undefined })], []],
  ["an unknown port", [places, a("10.0.0.2:51821"), b({ listenPort: null })], []],
  [
    "an address of a third place",
    [places, namespace("c"), veth({ ...end("c", "10.1.0.1/24") }, { name: "x" }), a("10.1.0.1:51821"), b()],
    [],
  ],

  ["a route to a network of a peer", [places, a(good, "10.2.0.0/24"), b(), route("a", "10.2.0.0/24", "10.9.0.2")], []],
  [
    "a route to a network of no peer",
    [places, a(good), b(), route("a", "10.2.0.0/24", "10.9.0.2")],
    ["route-off-peers"],
  ],
  [
    "a route over the interface",
    [places, a(good), b(), one("Route", { namespace: "a", interface: "wg0", destination: "10.2.0.0/24" })],
    ["route-off-peers"],
  ],
  [
    "a route to a part of a network of a peer",
    [places, a(good, "0.0.0.0/0"), b(), route("a", "10.2.0.0/24", "10.9.0.2")],
    [],
  ],
  [
    "a route to a network with a peer in it",
    [places, a(good, "10.2.0.7"), b(), route("a", "10.2.0.0/24", "10.9.0.2")],
    [],
  ],
  [
    "a route with an unknown network of a peer",
    [places, a(good, null), b(), route("a", "10.2.0.0/24", "10.9.0.2")],
    [],
  ],
  [
    "a route, and a program that may add peers",
    [places, a(good), b(), route("a", "10.2.0.0/24", "10.9.0.2"), program("a")],
    [],
  ],
  [
    "a route over another interface",
    [places, a(good), b(), one("Route", { namespace: "a", interface: "e-a", destination: "10.2.0.0/24" })],
    [],
  ],

  [
    "a peer with another address in the tunnel than its allowed IPs",
    [places, a(good), b({ addresses: ["10.9.0.3/24"] })],
    LACKS,
  ],
  ["a peer without allowed IPs", [places, wg("a", A, [peer(B, good)], { addresses: ["10.9.0.1/24"] }), b()], LACKS],
  ["a peer with an address in another network", [places, a(good), b({ addresses: ["10.9.1.3/16"] })], []],
  ["a peer whose network has its address", [places, a(good, "10.9.0.0/24"), b({ addresses: ["10.9.0.3/24"] })], []],
  ["a peer with an unknown allowed IP", [places, a(good, null), b({ addresses: ["10.9.0.3/24"] })], []],
  [
    "such a peer, and a program that may add allowed IPs",
    [places, a(good), b({ addresses: ["10.9.0.3/24"] }), program("a")],
    [],
  ],
  [
    "a peer whose address is a resource of its own",
    [
      places,
      a(good),
      b({ addresses: undefined }),
      one("Address", { namespace: "b", interface: "wg0", address: "10.9.0.3/24" }),
    ],
    LACKS,
  ],

  ["a network of a peer without a route", [places, a(good, "10.2.0.0/24"), b()], UNROUTED],
  ["a network of a peer with routes", [places, wg("a", A, [peer(B, good, "10.2.0.0/24")], { routes: true }), b()], []],
  ["all networks behind a peer", [places, a(good, "0.0.0.0/0"), b()], []],
  [
    "a network with a route over another interface",
    [places, a(good, "10.2.0.0/24"), b(), over("e-a", "10.2.0.0/25")],
    [],
  ],
  [
    "a network with a route in another table",
    [places, a(good, "10.2.0.0/24"), b(), over("wg0", "10.2.0.0/24", { table: 100 })],
    [],
  ],
  ["a network, and a default route over the tunnel", [places, a(good, "10.2.0.0/24"), b(), over("wg0", "default")], []],
  [
    "a network, and a default route via a peer",
    [places, a(good, "10.2.0.0/24"), b(), route("a", "default", "10.9.0.2")],
    [],
  ],
  ["a network, and a default route elsewhere", [places, a(good, "10.2.0.0/24"), b(), over("e-a", "default")], UNROUTED],
  [
    "a network, and an IPv6 default route over the tunnel",
    [places, a(good, "10.2.0.0/24"), b(), over("wg0", "::/0")],
    [...LACKS, ...UNROUTED],
  ],
  [
    "a network, and a default route by a next hop",
    [places, a(good, "10.2.0.0/24"), b(), one("Route", { namespace: "a", destination: "default", nhid: null })],
    [],
  ],
  [
    "a network, and a route with an unknown destination",
    [places, a(good, "10.2.0.0/24"), b(), route("a", null as never, "10.9.0.2")],
    [],
  ],
  ["an unknown network of a peer", [places, a(good, "10.2.0.0/24", null), b()], []],
  [
    "a network, and a routing rule",
    [places, a(good, "10.2.0.0/24"), b(), one("RoutingRule", { namespace: "a", fwmark: 1, table: 254 })],
    [],
  ],
  ["a network, and a program that may add routes", [places, a(good, "10.2.0.0/24"), b(), program("a")], []],
];
each(cases);

test("the messages name the argument, the interfaces and the networks", () => {
  const messages = (...lab: Parameters<typeof runChecks>[0][]) =>
    runChecks(lab.flat()).map(({ message, help }) => `${message}; ${help}`.replaceAll(/\bn\d+/g, "n"));
  expect(messages(places, [a("10.0.0.3:51820"), b()])).toEqual([
    "peers[0].endpoint of WireGuard n is 10.0.0.3:51820, but no interface on this LAN of the namespace a has the address 10.0.0.3; use the address of the peer's underlay; the LAN has 10.0.0.2",
  ]);
  expect(messages(places, [a("10.0.0.2:51821"), b()])).toEqual([
    "peers[0].endpoint of WireGuard n is 10.0.0.2:51821, but b/wg0 (WireGuard n) receives at the port 51820; use the port 51820, or set listenPort of WireGuard n",
  ]);
  expect(messages(places, [a(), b()])).toEqual([
    "neither a/wg0 nor its peer b/wg0 (WireGuard n) has an endpoint of the other, so neither begins a handshake; set endpoint of the peer in one of them to an address of the other's underlay, with its listenPort",
  ]);
  expect(messages(places, [a(good), b(), route("a", "10.2.0.0/24", "10.9.0.2")])).toEqual([
    'Route n leads to 10.2.0.0/24 over a/wg0, but no peer of this WireGuard has an allowed IP in it: the kernel drops the packets ("Required key not available"); add "10.2.0.0/24" to the allowedIps of the peer that leads there; those of all peers are 10.9.0.2/32',
  ]);
  expect(messages(places, [a(good), b({ addresses: ["10.9.0.3/24"] })])).toEqual([
    'peers[0].allowedIps of WireGuard n lack 10.9.0.3, the address of the peer b/wg0 (WireGuard n) in the network of a/wg0: the kernel drops the packets to and from it; add "10.9.0.3/32" to the allowedIps of this peer',
  ]);
  expect(messages(places, [a(good, "10.2.0.0/24"), b()])).toEqual([
    "allowedIps of the peers of WireGuard n have 10.2.0.0/24, but no route leads there over a/wg0: no packet is sent to the peer; set routes: true, or declare a Route to the network with the interface",
  ]);
});
