// @kernel vlan, ipvlan, geneve, tunnel, wireguard
import { testRivals } from "../support/link-rivals.ts";

const PARENT = { link: "trunk", linkNamespace: "green" };
const UNDERLAY = { underlay: "green" };

testRivals([
  ["Vlan", { ...PARENT, vid: 10 }],
  ["Ipvlan", { ...PARENT, addresses: ["10.0.0.1/24", "fd00::1/64"] }],
  ["Geneve", { ...UNDERLAY, vni: 42, remote: "10.0.0.2" }],
  ["Tunnel", { ...UNDERLAY, mode: "gre", local: "10.0.0.1", remote: "10.0.0.2", key: 7 }],
  ["Tunnel", { ...UNDERLAY, mode: "ip6tnl", local: "fd00::1", remote: "fd00::2" }],
  ["WireGuard", { ...UNDERLAY, privateKey: Buffer.alloc(32, 8).toString("base64"), listenPort: 51820 }],
]);
