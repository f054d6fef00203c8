import { nothing, type Program, type Step } from "../support/crashes.ts";

const [KEY, OTHER, PEER] = [8, 16, 24].map((byte) => Buffer.alloc(32, byte).toString("base64"));

/** The links below the others. */
const ground: Program = [
  ["Namespace", "red", { name: "red" }],
  ["Veth", "wire", { a: { name: "up", addresses: ["10.0.0.1/24"] }, b: { name: "down", namespace: "red" } }],
];

const ENDS = { local: "10.0.0.1", remote: "10.0.0.2" };

/** Links on another link, some of them in another namespace. */
const links: Program = [
  ...ground,
  ["Vlan", "tagged", { name: "up.10", link: "up", vid: 10, addresses: ["10.0.10.1/24"] }, "wire"],
  ["Vlan", "inside", { name: "v20", namespace: "red", link: "up", vid: 20 }, "wire"],
  ["Dummy", "loopback", { name: "loop0", namespace: "red", addresses: ["10.255.0.1/32"], mtu: 1400 }],
  ["Tunnel", "gre", { name: "gre1", mode: "gre", ...ENDS, key: 7 }, "wire"],
  ["Geneve", "overlay", { name: "gnv0", vni: 42, remote: "10.0.0.2" }, "wire"],
  [
    "WireGuard",
    "vpn",
    { name: "wg0", namespace: "red", privateKey: KEY, listenPort: 51_820, peers: [{ publicKey: PEER }] },
  ],
  ["Netem", "slow", { interface: "up", delay: "10ms" }, "wire"],
];

const changedLinks: Program = [
  ...ground,
  ["Vlan", "tagged", { name: "up.10", link: "up", vid: 11, addresses: ["10.0.10.2/24"] }, "wire"],
  [
    "Vlan",
    "inside",
    { name: "v20", namespace: "red", link: "up", vid: 20, looseBinding: true, altname: "inside" },
    "wire",
  ],
  ["Dummy", "loopback", { name: "loop0", namespace: "red", addresses: ["10.255.0.2/32"], mtu: 9000 }],
  ["Tunnel", "gre", { name: "gre1", mode: "gre", ...ENDS, key: 8, ttl: 32 }, "wire"],
  ["Geneve", "overlay", { name: "gnv0", vni: 43, remote: "10.0.0.2" }, "wire"],
  [
    "WireGuard",
    "vpn",
    {
      name: "wg0",
      namespace: "red",
      privateKey: OTHER,
      listenPort: 51_820,
      peers: [{ publicKey: PEER, allowedIps: ["10.1.0.0/16"] }],
    },
  ],
  ["Netem", "slow", { interface: "up", direction: "ingress", loss: "1%" }, "wire"],
];

const member = (name: string, master: string, more: object = {}): Program[number] => [
  "Veth",
  name,
  { a: { name, namespace: "red", master, ...more }, b: { name: `to-${name}` } },
];

/** A single VXLAN device with its map of VLANs, and a remote end to which it floods. */
const single = (vlans: readonly string[], vnis: readonly (string | number)[]): Program[number] => [
  "Vxlan",
  "single",
  {
    ...{ name: "vx0", namespace: "red", external: true, vnifilter: true, vnis },
    ...{ master: "br0", port: { vlanTunnel: true, vlans } },
  },
];

const flood = (srcVni: number, dst: string) => ({
  ...{ interface: "vx0", namespace: "red", lladdr: "00:00:00:00:00:00", srcVni, dst },
});

/** Links with members: a bond, a VRF and a bridge with VLANs. */
const masters: Program = [
  ["Namespace", "red", { name: "red" }],
  ["Bridge", "switch", { name: "br0", namespace: "red", vlanFiltering: true, vlans: [5] }],
  ["Bond", "pair", { name: "bond0", namespace: "red", mode: "active-backup", addresses: ["10.2.0.1/24"] }],
  member("m1", "bond0"),
  member("m2", "bond0"),
  ["Vrf", "tenant", { name: "tenant", namespace: "red", table: 10 }],
  member("t1", "tenant", { addresses: ["10.3.0.1/24"] }),
  member("p1", "br0", { port: { vlans: ["10 pvid untagged", "20-22"] } }),
  ["Ipvlan", "web", { name: "web", namespace: "red", link: "to-t1", addresses: ["10.4.0.1/24"] }, "t1"],
  single(["10 tunnel_info id 1010", "20 tunnel_info id 1020"], ["1010-1020", "30 remote 10.0.0.3"]),
  ["FdbEntry", "flood", flood(1010, "10.0.0.2"), "single"],
];

const changedMasters: Program = [
  ["Namespace", "red", { name: "red" }],
  ["Bridge", "switch", { name: "br0", namespace: "red", vlanFiltering: true, vlans: [6, 7] }],
  ["Bond", "pair", { name: "bond0", namespace: "red", mode: "active-backup", miimon: 50, addresses: ["10.2.0.2/24"] }],
  member("m1", "bond0"),
  member("m2", "br0", { port: { vlans: [7] } }),
  ["Vrf", "tenant", { name: "tenant", namespace: "red", table: 10, altname: "first" }],
  member("t1", "br0", { addresses: ["10.3.0.1/24"] }),
  member("p1", "tenant"),
  ["Ipvlan", "web", { name: "web", namespace: "red", link: "to-t1", mode: "l2", addresses: ["10.4.0.2/24"] }, "t1"],
  single(["10 tunnel_info id 1020", "30 tunnel_info id 1010"], [1010, "1020", "30 remote 10.0.0.4"]),
  ["FdbEntry", "flood", flood(1020, "10.0.0.3"), "single"],
];

/** The changes that a crash interrupts, of kinds that a kernel may lack. */
export const linkSteps: Record<string, Step> = {
  "a create of links": { from: nothing, to: links },
  "a change of links": { from: links, to: changedLinks },
  "a destroy of links": { from: changedLinks, to: nothing },
  "a create of masters": { from: nothing, to: masters },
  "a change of masters": { from: masters, to: changedMasters },
  "a destroy of masters": { from: changedMasters, to: nothing },
};

const queue = (target: string): Program => [
  ["Namespace", "red", { name: "red" }],
  ["Veth", "wire", { a: { name: "eth0", namespace: "red" }, b: { name: "port" } }],
  ["FqCodel", "queue", { interface: "port", target }, "wire"],
];

/** Changes that together have each of these kinds. */
export const linkChanges: readonly Step[] = [
  { from: links, to: changedLinks },
  { from: masters, to: changedMasters },
  { from: queue("5ms"), to: queue("10ms") },
];
