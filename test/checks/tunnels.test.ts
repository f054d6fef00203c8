import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, namespace, one, route, veth } from "./pieces.ts";

const wire = cable("a", ["10.0.0.1/24"], "b", ["10.0.0.2/24"]);
const tunnel = (type: string, more: object) => one(type, { name: "t", namespace: "a", ...more });
const vxlan = (more: object) => tunnel("Vxlan", { vni: 1, remote: "10.0.0.2", ...more });

const [A, B] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string];
const peer = (publicKey: string | null, more: object = {}) => ({ publicKey, ...more });
const site = (name: string, publicKey: string | null, peers: object[], more: object = {}) =>
  one("WireGuard", { name, namespace: name, publicKey, peers, ...more });

const member = (more: object) => one("Dummy", { name: "d", master: "v", addresses: ["10.0.0.1/24"], ...more });

const cases: Case[] = [
  ["a Vxlan whose MTU the kernel does not derive", [wire, vxlan({})], ["tunnel-mtu"]],
  ["a Vxlan whose MTU the kernel derives", [wire, vxlan({ dev: "to-b" })], []],
  ["a Vxlan with an MTU that fits", [wire, vxlan({ mtu: 1450 })], []],
  ["a Vxlan with an MTU that does not fit", [wire, vxlan({ mtu: 1451, dev: "to-b" })], ["tunnel-mtu"]],
  ["a Vxlan with a larger header", [wire, vxlan({ mtu: 1450, remote: "fd00::2", dev: "to-b" })], ["tunnel-mtu"]],
  ["a Vxlan with an unknown path", [wire, vxlan({ remote: "10.9.0.2" })], []],
  ["a Vxlan with an unknown remote", [wire, vxlan({ remote: null })], []],
  [
    "a Vxlan over the default route",
    [namespace("a"), wire, vxlan({ remote: "10.9.0.2" }), route("a", "default", "10.0.0.2")],
    ["no-forwarding", "tunnel-mtu"],
  ],
  [
    "a Vxlan over larger packets",
    [
      veth(
        { name: "x", namespace: "a", addresses: ["10.0.0.1/24"], mtu: 1550 },
        { name: "y", namespace: "b", mtu: 1550 },
      ),
      vxlan({}),
    ],
    [],
  ],
  ["an underlay in another namespace", [wire, vxlan({ namespace: "inner", underlay: "a" })], ["tunnel-mtu"]],
  ["an underlay with the same addresses in another namespace", [wire, vxlan({ namespace: "inner" })], []],
  [
    "a Tunnel with an MTU that does not fit",
    [wire, tunnel("Tunnel", { mode: "gre", local: "10.0.0.1", remote: "10.0.0.2", mtu: 1477 })],
    ["tunnel-mtu"],
  ],
  [
    "a Tunnel with a key",
    [wire, tunnel("Tunnel", { mode: "gre", local: "10.0.0.1", remote: "10.0.0.2", mtu: 1476, key: 7 })],
    ["tunnel-mtu"],
  ],
  [
    "a Tunnel with an MTU that fits",
    [wire, tunnel("Tunnel", { mode: "ipip", local: "10.0.0.1", remote: "10.0.0.2", mtu: 1480 })],
    [],
  ],
  [
    "a WireGuard without an MTU over a smaller one",
    [
      veth(
        { name: "x", namespace: "a", addresses: ["10.0.0.1/24"], mtu: 1400 },
        { name: "y", addresses: ["10.0.0.2/24"], mtu: 1400 },
      ),
      site("a", A, [peer(B, { endpoint: "10.0.0.2:51820" })]),
      site("b", B, [peer(A)]),
    ],
    ["tunnel-mtu"],
  ],

  [
    "gateways in the table of a VRF",
    [one("Vrf", { name: "v", table: 10 }), member({ gateways: ["10.0.0.2"], gatewayTable: 10 })],
    [],
  ],
  [
    "gateways of a VRF's member in the table main",
    [one("Vrf", { name: "v", table: 10 }), member({ gateways: ["10.0.0.2"] })],
    ["gateway-off-vrf"],
  ],
  ["a VRF's member without gateways", [one("Vrf", { name: "v", table: 10 }), member({})], []],
  ["gateways of a bridge's port", [one("Bridge", { name: "v" }), one("Dummy", { name: "d", master: "v" })], []],

  ["two peers", [site("a", A, [peer(B, { endpoint: "198.51.100.1:51820" })]), site("b", B, [peer(A)])], []],
  ["a peer that does not know the other", [site("a", A, [peer(B)]), site("b", B, [])], ["unknown-peer"]],
  ["a peer with a key that no interface of the lab has", [site("a", A, [peer("C")])], ["unknown-peer"]],
  ["a peer outside the lab", [site("a", A, [peer("C", { endpoint: "198.51.100.1:51820" })])], []],
  [
    "a peer with a key that no interface of the lab has, at an address of the lab",
    [wire, site("a", A, [peer("C", { endpoint: "10.0.0.2:51820" })])],
    ["unknown-peer"],
  ],
  ["an unknown key", [site("a", A, [peer(B)]), site("b", null, [])], []],
  ["an unknown peer", [site("a", A, [peer(null)])], []],
  ["two peers without an endpoint", [site("a", A, [peer(B)]), site("b", B, [peer(A)])], ["unreachable-peer"]],
  ["unknown peers", [site("a", A, [peer(B)]), site("b", B, [peer(null)])], []],
  ["unknown interfaces", [site("a", A, [peer("C")]), one("WireGuard", { name: null })], []],
];

each(cases);

test("the message names the interface that carries the tunnel, and the MTU that fits", () => {
  expect(runChecks([wire, vxlan({})])).toMatchObject([
    {
      message:
        "packets of 1500 bytes, the MTU of a/t, do not fit: the tunnel adds 50 bytes, and a/to-b, which carries it in the namespace a, has an MTU of 1500. Larger packets are dropped or fragmented",
      help: "set mtu to 1450 or less, or the MTU on the way to 1550",
    },
  ]);
});
