import { markOf } from "../../provider/owner.ts";
import { nothing, type Program, type Step } from "../support/crashes.ts";
import { labUrn } from "../support/lab.ts";

/** Returns the reference by which a NAT rule names the one before it. */
const rule = (name: string) =>
  markOf({ project: "test", stack: "dev", name, urn: labUrn("NatRule", name) })
    .split(":")
    .at(-1);

const before: Program = [
  ["Namespace", "red", { name: "red" }],
  ["Bridge", "lan", { name: "lan", mtu: 1500, mac: "02:00:00:00:00:07", altname: "first-lan" }],
  [
    "Veth",
    "wire",
    {
      a: { name: "eth0", namespace: "red", mac: "02:00:00:00:00:08" },
      b: { name: "port", master: "lan", port: { isolated: true, cost: 9 } },
    },
  ],
  ["Address", "ip", { interface: "eth0", namespace: "red", address: "10.0.0.2/24" }, "wire"],
  ["Address", "ip6", { interface: "eth0", namespace: "red", address: "fd00::2/64" }, "wire"],
  ["Route", "out", { namespace: "red", destination: "default", via: "10.0.0.1" }, "wire"],
  ["Sysctl", "forwarding", { namespace: "red", key: "net.ipv4.ip_forward", value: "1" }],
  ["Sysctl", "host", { key: "net.ipv4.ip_forward", value: "1" }],
  ["NatRule", "nat", { namespace: "red", type: "masquerade", source: "10.0.0.0/24" }],
  ["NatRule", "nat2", { namespace: "red", type: "masquerade", source: "10.1.0.0/24", after: rule("nat") }],
  [
    "Neighbor",
    "near",
    { interface: "eth0", namespace: "red", address: "10.0.0.7", lladdr: "02:00:00:00:00:17" },
    "wire",
  ],
  ["Neighbor", "proxied", { interface: "eth0", namespace: "red", address: "10.0.0.6", proxy: true }, "wire"],
  ["Route", "hole", { destination: "10.77.0.0/16", type: "blackhole" }],
];

/** An entry of the bridge for the port. */
const entry = (more: object = {}): Program[number] => [
  "FdbEntry",
  "behind",
  { interface: "port", lladdr: "02:00:00:00:00:17", ...more },
  "wire",
];

const CHILD = {
  namespace: "red",
  link: "up",
  altname: "second-name",
  addresses: ["10.0.0.2/24"],
  gateways: ["10.0.0.1"],
};

/** Links of several kinds, with and without a parent. One has the name of a link in the namespace of its parent. */
const links: Program = [
  ["Namespace", "red", { name: "red" }],
  ["Veth", "wire", { a: { name: "up" }, b: { name: "down" } }],
  ["Macvlan", "child", { name: "mv0", ...CHILD }, "wire"],
  ["Macvtap", "tap", { name: "down", namespace: "red", link: "up" }, "wire"],
  ["Ifb", "shaper", { name: "ifb0", mac: "02:00:00:00:00:05" }],
  ["Tap", "guest", { name: "tap0", mac: "02:00:00:00:00:0a", mtu: 1400, altname: "guest" }],
  ["Tun", "vpn", { name: "tun0", namespace: "red", addresses: ["10.9.0.1/24"] }],
  ["Vxlan", "tunnel", { name: "vx0", vni: 42, flood: ["10.0.0.9", "10.0.0.8"], dev: "up" }, "wire"],
  ["FdbEntry", "far", { interface: "vx0", lladdr: "02:00:00:00:00:17", dst: "10.0.0.7" }, "tunnel"],
];

const changedLinks: Program = [
  ["Namespace", "red", { name: "red" }],
  ["Veth", "wire", { a: { name: "up" }, b: { name: "down" } }],
  ["Macvlan", "other", { name: "mv1", ...CHILD, mode: "private" }, "wire"],
  ["Macvtap", "tap", { name: "down", namespace: "red", link: "up", mode: "vepa", up: false }, "wire"],
  ["Ifb", "shaper", { name: "ifb0", mac: "02:00:00:00:00:06", mtu: 9000 }],
  ["Tap", "guest", { name: "tap0", user: "root", up: false }],
  ["Tun", "vpn", { name: "tun0", namespace: "red", multiQueue: true, addresses: ["10.9.0.2/24"] }],
  [
    "Vxlan",
    "tunnel",
    { name: "vx0", vni: 42, flood: ["10.0.0.8", "10.0.0.7"], dev: "up", learning: false, altname: "tunnel" },
    "wire",
  ],
  ["FdbEntry", "far", { interface: "vx0", lladdr: "02:00:00:00:00:17", dst: "10.0.0.6", port: 4790 }, "tunnel"],
];

const daemons: Program = [
  ["Namespace", "red", { name: "red" }],
  ["Hosts", "names", { namespace: "red", addresses: { web: "10.0.0.2" }, nameservers: ["10.0.0.2"] }],
  ["Process", "web", { namespace: "red", command: ["sleep", "300"], settle: 100 }],
];

/** A namespace with a NAT rule and filter chains, which share a table. */
const firewall: Program = [
  ["Namespace", "red", { name: "red" }],
  ["NatRule", "nat", { namespace: "red", type: "masquerade", source: "10.0.0.0/24" }],
  ["FilterChain", "in", { namespace: "red", chain: "input", rules: [{ action: "drop", protocol: "tcp" }] }],
  ["FilterChain", "through", { namespace: "red", chain: "forward", policy: "drop" }],
  ["Nexthop", "hop", { namespace: "red", nhid: 10, interface: "lo" }],
  ["Nexthop", "hop-host", { nhid: 10, blackhole: true }],
  ["RoutingRule", "rule", { namespace: "red", priority: 100, from: "10.0.0.0/8", table: 100 }],
  ["RoutingRule", "host", { priority: 100, from: "10.0.0.0/8", table: 100 }],
];

const changedFirewall: Program = [
  ["Namespace", "red", { name: "red" }],
  ["FilterChain", "in", { namespace: "red", chain: "input", policy: "drop", rules: [{ action: "accept" }] }],
  ["FilterChain", "through", { namespace: "red", chain: "prerouting", rules: [{ action: "continue", setCtMark: 1 }] }],
  ["Nexthop", "hop", { namespace: "red", nhid: 10, blackhole: true }],
  ["Nexthop", "hop-host", { nhid: 10, blackhole: true, family: "inet6" }],
  ["RoutingRule", "rule", { namespace: "red", priority: 100, from: "10.0.0.0/8", table: 101 }],
  ["RoutingRule", "host", { priority: 101, from: "10.0.0.0/8", table: 100 }],
];

/** Rate limits: of packets that leave, and that arrive, on a link of the stack and on one that it does not create. */
const limits: Program = [
  ["Namespace", "red", { name: "red" }],
  ["Veth", "wire", { a: { name: "eth0", namespace: "red" }, b: { name: "port" } }],
  ["Tbf", "out", { interface: "port", rate: "10mbit" }, "wire"],
  ["Tbf", "in", { interface: "eth0", namespace: "red", direction: "ingress", rate: "10mbit" }, "wire"],
  ["Tbf", "loopback", { interface: "lo", namespace: "red", rate: "10mbit" }],
];

const changedLimits: Program = [
  ["Namespace", "red", { name: "red" }],
  ["Veth", "wire", { a: { name: "eth0", namespace: "red" }, b: { name: "port" } }],
  ["Tbf", "another", { interface: "port", rate: "20mbit", latency: "1s" }, "wire"],
  ["Tbf", "in", { interface: "eth0", namespace: "red", direction: "ingress", rate: "5mbit" }, "wire"],
  ["Tbf", "loopback", { interface: "lo", namespace: "red", direction: "ingress", rate: "10mbit" }],
];

/** The program with other arguments for one resource, and with the objects on it replaced. */
const changed = (name: string, args: object, again: readonly string[] = []): Program =>
  before.map(([type, its, old, on]): Program[number] => {
    const link = again.includes(its) ? "another" : on;
    return [type, its, its === name ? { ...old, ...args } : old, link];
  });

const FULL = { addresses: ["10.0.0.2/24", "10.0.0.3/24", "10.1.0.2/24"], gateways: ["10.0.0.1"] };

const onWire = ["ip", "ip6", "out", "near", "proxied"];

/** The changes that a crash interrupts. */
export const steps: Record<string, Step> = {
  "a create": { from: nothing, to: before },
  "a destroy": { from: before, to: nothing },
  "an update of a bridge": {
    from: before,
    to: changed("lan", { mtu: 1400, stp: true, mac: "02:00:00:00:00:09", altname: "second-lan" }),
  },
  "an update of a veth": { from: before, to: changed("wire", { b: { name: "port", mtu: 9000, up: false } }) },
  "an update of a port": {
    from: before,
    to: changed("wire", { b: { name: "port", master: "lan", port: { guard: true } } }),
  },
  "an update of a neighbour": { from: before, to: changed("near", { lladdr: "02:00:00:00:00:18", router: true }) },
  "an update of an entry of a bridge": { from: [...before, entry()], to: [...before, entry({ sticky: true })] },
  "an update of a route": { from: before, to: changed("out", { via: "10.0.0.9", mtu: 1400 }) },
  "an update of a sysctl": { from: before, to: changed("host", { value: "0" }) },
  "an update of a NAT rule": { from: before, to: changed("nat", { type: "snat", toAddress: "10.0.0.2" }) },
  "an insertion of a NAT rule": {
    from: before,
    to: [...changed("nat", { after: rule("first") }), ["NatRule", "first", { namespace: "red", type: "masquerade" }]],
  },
  "a replacement of a veth": {
    from: before,
    to: changed("wire", { b: { name: "port2", master: "lan", port: { hairpin: true } } }, onWire),
  },
  "a replacement of an address": {
    from: before,
    to: changed("ip", { address: "10.0.0.3/24" }, ["out", "near", "proxied"]),
  },
  "a create of links": { from: nothing, to: links },
  "a change of links": { from: links, to: changedLinks },
  "a create of a firewall": { from: nothing, to: firewall },
  "a change of a firewall": { from: firewall, to: changedFirewall },
  "a create of limits": { from: nothing, to: limits },
  "a change of limits": { from: limits, to: changedLimits },
  "a create of daemons": { from: nothing, to: daemons },
  "a destroy of daemons": { from: daemons, to: nothing },
  "a pair that passes to another resource": {
    from: before,
    to: changed("", {}, onWire).map(([type, name, args, on]): Program[number] => [
      type,
      name === "wire" ? "cable" : name,
      args,
      on,
    ]),
  },
  "two bridges that change names": {
    from: [
      ["Bridge", "one", { name: "br1", addresses: ["10.1.0.1/24"] }],
      ["Bridge", "two", { name: "br2", addresses: ["10.2.0.1/24"], altname: "second" }],
    ],
    to: [
      ["Bridge", "one", { name: "br2", addresses: ["10.1.0.1/24"] }],
      ["Bridge", "two", { name: "br1", addresses: ["10.2.0.1/24"], altname: "second" }],
    ],
  },
  "addresses and a default route that change their order and their link": {
    from: [
      ["Namespace", "red", { name: "red" }],
      ["Veth", "x", { a: { name: "x", namespace: "red", ...FULL }, b: { name: "px" } }],
      ["Veth", "y", { a: { name: "y", namespace: "red", addresses: ["10.2.0.2/24"] }, b: { name: "py" } }],
    ],
    to: [
      ["Namespace", "red", { name: "red" }],
      ["Veth", "x", { a: { name: "x", namespace: "red", addresses: FULL.addresses.toReversed() }, b: { name: "px" } }],
      [
        "Veth",
        "y",
        { a: { name: "y", namespace: "red", addresses: ["10.2.0.2/24"], gateways: ["10.2.0.1"] }, b: { name: "py" } },
      ],
    ],
  },
  "a hand-over of names": {
    from: before,
    to: changed("", {}, onWire).flatMap(
      (resource): Program =>
        resource[1] === "wire"
          ? [
              ["Veth", "left", { a: { name: "eth0", namespace: "red" }, b: { name: "x" } }],
              ["Veth", "right", { a: { name: "port", master: "lan" }, b: { name: "y" } }],
            ]
          : [resource],
    ),
  },
};
