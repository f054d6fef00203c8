import { expect, test } from "vitest";
import type { Declared } from "../../checks/check.ts";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, each, namespace, one, route, veth } from "./pieces.ts";

/** Returns resources as if they were on a lab host. */
const at = (host: string, ...all: readonly Declared[]): Declared[] =>
  all.map((declared) => ({ ...declared, args: { ...(declared.args as object), host } }));

const lan = bridge("lan", { addresses: ["10.0.0.1/24"] });
const cable = veth({ name: "eth0", namespace: "red", addresses: ["10.0.0.2/24"] }, { name: "to-red", master: "lan" });

/** A namespace and another one that is its gateway. */
const routed = [
  namespace("red"),
  namespace("blue"),
  veth(
    { name: "eth0", namespace: "red", addresses: ["10.0.1.1/24"] },
    { name: "eth0", namespace: "blue", addresses: ["10.0.1.2/24"] },
  ),
  route("blue", "10.9.0.0/16", "10.0.1.1"),
];

/** One end of a link across lab hosts, in a namespace; `number` is that of the lab host. */
const end = (name: string, number: number, other: number, more: object = {}) => [
  namespace(name),
  one("Vxlan", {
    ...{ name: "link", namespace: name, underlay: "/", vni: 7, dstport: 14_789, mtu: 1450 },
    ...{ local: `192.0.2.${number}`, remote: `192.0.2.${other}`, addresses: [`10.0.5.${number}/24`] },
    ...more,
  }),
];

/** A part of a LAN across lab hosts: a bridge with its tunnel to the other part, and one host. */
const part = (number: number, other: number, mtu = 1450, more: object = {}) =>
  at(
    `lab${number}`,
    bridge("lan", { mtu, ...more }),
    one("Vxlan", {
      ...{ name: "lan-vxlan", master: "lan", vni: 7, dstport: 14_789, mtu },
      ...{ local: `192.0.2.${number}`, flood: [`192.0.2.${other}`, "192.0.2.9"] },
    }),
    namespace("red"),
    veth(
      { name: "eth0", namespace: "red", addresses: [`10.0.0.1${number}/24`], gateways: ["10.0.0.1"], mtu },
      { name: "to-red", master: "lan", mtu },
    ),
  );

/** One end of a secure link across lab hosts: a tunnel, and an end of the link whose packets it carries. */
const secured = (number: number, other: number, more: object = {}) =>
  at(
    `lab${number}`,
    namespace("secure"),
    one("WireGuard", {
      ...{ name: `lab${other}`, namespace: "secure", underlay: "/", publicKey: `key ${number}`, mtu: 1440 },
      ...{
        addresses: [`169.254.0.${number}/31`],
        peers: [{ publicKey: `key ${other}`, endpoint: "192.0.2.9:20000", allowedIps: [`169.254.0.${other}`] }],
      },
    }),
    ...end("a", number, other, {
      ...{ underlay: "secure", local: undefined, remote: `169.254.0.${other}`, mtu: 1390 },
      ...more,
    }),
  );

/** Another tunnel of a lab host, with the same key. */
const besides = (number: number, other: number) =>
  at(
    `lab${number}`,
    one("WireGuard", {
      ...{ name: `lab${other}`, namespace: "secure", underlay: "/", publicKey: `key ${number}` },
      peers: [{ publicKey: `key ${other}`, endpoint: "192.0.2.9:20001" }],
    }),
  );

const gateway = { addresses: ["10.0.0.1/24"] };
const forwards = one("Sysctl", { key: "net.ipv4.ip_forward", value: "1" });

const cases: Case[] = [
  [
    "a LAN across two hosts, whose gateway is on one of them",
    [part(1, 2, 1450, gateway), part(2, 1), at("lab1", forwards)],
    [],
  ],
  [
    "a LAN across two hosts, whose gateway does not forward",
    [part(1, 2, 1450, gateway), part(2, 1)],
    ["no-forwarding"],
  ],
  [
    "a LAN across two hosts with another MTU on one of them",
    [part(1, 2, 1450, gateway), part(2, 1, 1400), at("lab1", forwards)],
    ["mtu-mismatch"],
  ],
  [
    "a misspelt namespace, the network stack of a host, and a namespace of another host",
    [
      at("lab1", namespace("office"), namespace("b"), lan, bridge("x", { namespace: "offise" })),
      at("lab2", bridge("y", { namespace: "ofice" })),
    ],
    ["unknown-namespace"],
  ],
  ["a link across two hosts", [at("lab1", ...end("a", 1, 2)), at("lab2", ...end("a", 2, 1))], []],
  [
    "a link across two hosts with one address at both ends",
    [at("lab1", ...end("a", 1, 2)), at("lab2", ...end("a", 2, 1, { addresses: ["10.0.5.1/24"] }))],
    ["duplicate-address"],
  ],
  ["a secure link across two hosts", [secured(2, 3), secured(3, 2)], []],
  [
    "a secure link across two hosts with one address at both ends",
    [secured(2, 3, { addresses: ["10.0.5.1/24"] }), secured(3, 2, { addresses: ["10.0.5.1/24"] })],
    ["duplicate-address"],
  ],
  [
    "a secure link whose packets do not fit into the tunnel",
    [secured(2, 3, { mtu: 1391 }), secured(3, 2, { mtu: 1391 })],
    ["tunnel-mtu", "tunnel-mtu"],
  ],
  [
    "tunnels between three hosts with one key on each",
    [
      ...[secured(2, 3), besides(2, 4), secured(3, 2), besides(3, 4)],
      ...[at("lab4", namespace("secure")), besides(4, 2), besides(4, 3)],
    ],
    [],
  ],
  [
    "a tunnel whose peer has another host as its peer",
    [secured(2, 3), secured(3, 2), besides(3, 4), at("lab4", namespace("secure")), besides(4, 2)],
    ["unknown-peer", "unknown-peer"],
  ],
  [
    "two links with the same addresses, but with other identifiers or to a third host",
    [
      at("lab1", ...end("a", 1, 2)),
      at("lab2", ...end("a", 2, 1, { vni: 8, addresses: ["10.0.5.1/24"] })),
      at("lab2", ...end("b", 2, 3, { addresses: ["10.0.5.1/24"] })),
    ],
    [],
  ],
  [
    "a tunnel whose packets do not fit into the MTU of its lab host",
    [
      at(
        "lab1",
        ...end("a", 1, 2, { mtu: 1500 }),
        one("Dummy", { name: "up", mtu: 1500, addresses: ["192.0.2.1/24"] }),
      ),
      at("lab2", ...end("b", 2, 9)),
    ],
    ["tunnel-mtu"],
  ],
  [
    "an overlap on one of two hosts",
    [
      at("lab1", bridge("x", { addresses: ["10.0.0.1/16"] })),
      at("lab2", lan, bridge("y", { addresses: ["10.0.9.1/16"] })),
    ],
    ["overlapping-subnets"],
  ],
  [
    "a gateway whose address only another host has",
    [
      at("lab1", namespace("red"), cable, lan, route("red", "default", "10.0.0.9")),
      at("lab2", bridge("z", { addresses: ["10.0.0.9/24"] })),
    ],
    ["no-such-gateway"],
  ],
  [
    "a child of a port of another host",
    [at("lab1", lan, cable), at("lab2", one("Macvlan", { name: "m", link: "to-red" }))],
    [],
  ],
  [
    "a gateway that forwards, and a namespace of the same name on another host that does not",
    [
      at("lab1", ...routed, one("Sysctl", { namespace: "red", key: "net.ipv4.ip_forward", value: "1" })),
      at("lab2", ...routed),
    ],
    ["no-forwarding"],
  ],
];

each(cases);

test("a message names the lab host of a place", () => {
  const inner = veth({ name: "eth0", namespace: "red", addresses: ["10.0.0.2/24"] }, { name: "x" });
  const [found] = runChecks(at("lab2", namespace("red"), inner, route("red", "10.9.0.0/16", "10.0.0.2")));
  expect(found?.message).toContain("the namespace red on lab2");
});
