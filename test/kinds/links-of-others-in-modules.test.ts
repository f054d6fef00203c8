// @kernel bond, dummy, geneve, ipvlan, tunnel, vlan, vrf, wireguard
import { testLinksOfOthers } from "../support/links-of-others.ts";

const PARENT = { link: "trunk", linkNamespace: "red" };
const ENDS = { local: "10.0.0.1", remote: "10.0.0.2" };

testLinksOfOthers([
  ["Dummy", { mtu: 1400 }, "link add name x0 type dummy"],
  ["Vlan", { ...PARENT, vid: 10 }, "link add name x0 link trunk type vlan id 10 gvrp on"],
  ["Ipvlan", { ...PARENT, mode: "l2" }, "link add name x0 link trunk type ipvlan mode l3"],
  ["Bond", { mode: "active-backup", miimon: 50 }, "link add name x0 type bond mode active-backup"],
  ["Vrf", { table: 10 }, "link add name x0 type vrf table 10"],
  ["Tunnel", { mode: "gre", ...ENDS }, "link add name x0 type gre local 10.0.0.1 remote 10.0.0.2 ttl 9"],
  ["Geneve", { vni: 42, remote: "10.0.0.2" }, "link add name x0 type geneve id 42 remote 10.0.0.2 ttl 9"],
  ["WireGuard", { privateKey: Buffer.alloc(32, 8).toString("base64") }, "link add name x0 type wireguard"],
]);
