import { expect } from "vitest";
import type { Command } from "../../provider/kernel/command.ts";
import { bridgeCommand, showFdb, showTunnelIds, showVlans, showVnis } from "../../provider/kernel/tools/bridge.ts";
import { dev, ip, showLink } from "../../provider/kernel/tools/ip.ts";
import { showQdiscs, tc } from "../../provider/kernel/tools/tc.ts";
import { type Cases, found, outcomeOf } from "./case.ts";
import { ADDRESS, CABLE, RED } from "./set-ups.ts";

const VLAN = [...CABLE, "ip -n red link add name v10 link eth0 type vlan id 10"];
const BOND = [...RED, "ip -n red link add name bond0 type bond mode active-backup miimon 100"];
const VRF = [...RED, "ip -n red link add name tenant type vrf table 10"];
const GRE = [...RED, "ip -n red link add name g0 type gre local 10.0.0.1 remote 10.0.0.2 key 7"];
const NETEM = [...CABLE, "tc -n red qdisc add dev eth0 root handle 1234: netem delay 10ms loss 1% rate 1mbit"];
const FILTERING = [
  ...CABLE,
  "ip -n red link add name br0 type bridge vlan_filtering 1",
  "ip -n red link set dev eth0 master br0",
];
/** A single VXLAN device for several identifiers, to which its port maps VLANs. */
const SINGLE = [
  ...RED,
  "ip -n red link add name br0 type bridge vlan_filtering 1",
  "ip -n red link add name vx0 type vxlan dstport 4789 external vnifilter",
  "ip -n red link set dev vx0 master br0",
  "bridge -n red vni add dev vx0 vni 1010-1012",
  "bridge -n red vni add dev vx0 vni 30 remote 10.0.0.3",
  "bridge -n red link set dev vx0 vlan_tunnel on",
  "bridge -n red vlan add dev vx0 vid 10",
  "bridge -n red vlan add dev vx0 vid 10 tunnel_info id 1010",
  "bridge -n red vlan add dev vx0 vid 20-21",
  "bridge -n red vlan add dev vx0 vid 20-21 tunnel_info id 1011-1012",
  "bridge -n red fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.2 src_vni 1010 self permanent",
];

const addLink = (...words: string[]): Command => ip("red", "link", "add", ...words);
const shown = (name: string, setup: readonly string[], kind: string, data: object, more: object = {}) => ({
  setup,
  ask: found((kernel) => showLink(kernel, "red", name)),
  is: expect.objectContaining({
    ...more,
    linkinfo: expect.objectContaining({ info_kind: kind, info_data: expect.objectContaining(data) }),
  }),
});

/** How iproute2 shows and refuses links, qdiscs and VLANs of kinds that a kernel may lack. */
export const LINK_CASES: Cases = {
  "a dummy": {
    setup: [...RED, "ip -n red link add name d0 up type dummy"],
    ask: found((kernel) => showLink(kernel, "red", "d0")),
    is: expect.objectContaining({ linkinfo: { info_kind: "dummy" }, flags: expect.arrayContaining(["NOARP", "UP"]) }),
  },

  "a VLAN": shown("v10", VLAN, "vlan", { protocol: "802.1Q", id: 10, flags: ["REORDER_HDR"] }, { link: "eth0" }),
  "a VLAN with flags and priorities": shown(
    "v10",
    [
      ...CABLE,
      "ip -n red link add name v10 link eth0 type vlan protocol 802.1ad id 10 reorder_hdr off gvrp on loose_binding on ingress-qos-map 1:2 egress-qos-map 0:3",
    ],
    "vlan",
    {
      ...{ protocol: "802.1ad", id: 10, flags: ["GVRP", "LOOSE_BINDING"] },
      ...{ ingress_qos: [{ from: 1, to: 2 }], egress_qos: [{ from: 0, to: 3 }] },
    },
  ),
  "a second VLAN with an identifier": {
    setup: VLAN,
    ask: outcomeOf(addLink("name", "other", "link", "eth0", "type", "vlan", "id", "10")),
    is: "exists",
  },
  "a VLAN on a loopback interface": {
    setup: RED,
    ask: outcomeOf(addLink("name", "v10", "link", "lo", "type", "vlan", "id", "10")),
    is: "unsupported",
  },
  "a VLAN that is set up on a parent that is down": {
    setup: VLAN,
    ask: outcomeOf(ip("red", "link", "set", dev("v10"), "up")),
    is: "failed",
  },

  "an ipvlan": shown(
    "iv0",
    [...CABLE, "ip -n red link add name iv0 link eth0 type ipvlan mode l2 private"],
    "ipvlan",
    { mode: "l2", private: true },
    { link: "eth0" },
  ),
  "an address that another ipvlan has": {
    setup: [
      ...CABLE,
      "ip -n red link add name iv0 link eth0 type ipvlan",
      "ip -n red link add name iv1 link eth0 type ipvlan",
      "ip -n red address add 10.0.0.1/24 dev iv0",
    ],
    ask: outcomeOf(ip("red", "address", "add", "10.0.0.1/24", dev("iv1"))),
    is: "busy",
  },

  "a bond": shown("bond0", BOND, "bond", {
    ...{ mode: "active-backup", miimon: 100, fail_over_mac: "none", xmit_hash_policy: "layer2" },
    ...{ primary_reselect: "always", arp_validate: null, min_links: 0 },
  }),
  "a bond of LACP": shown(
    "bond0",
    [...RED, "ip -n red link add name bond0 type bond mode 802.3ad lacp_rate fast lacp_active off ad_select count"],
    "bond",
    { mode: "802.3ad", miimon: 100, ad_lacp_rate: "fast", ad_lacp_active: "off", ad_select: "count" },
  ),
  "a member of a bond": {
    setup: [...CABLE, ...BOND.slice(1), "ip -n red link set dev eth0 master bond0"],
    ask: found((kernel) => showLink(kernel, "red", "eth0")),
    is: expect.objectContaining({
      master: "bond0",
      linkinfo: expect.objectContaining({
        info_slave_kind: "bond",
        info_slave_data: expect.objectContaining({ perm_hwaddr: expect.any(String) }),
      }),
    }),
  },
  "a member that is up": {
    setup: [...CABLE, ...BOND.slice(1), "ip -n red link set dev eth0 up"],
    ask: outcomeOf(ip("red", "link", "set", dev("eth0"), "master", "bond0")),
    is: "enslave-up",
  },
  "a delay of a bond without miimon": {
    setup: [...RED, "ip -n red link add name bond0 type bond mode active-backup"],
    ask: outcomeOf(ip("red", "link", "set", dev("bond0"), "type", "bond", "updelay", "200")),
    is: "denied",
  },
  "an option of LACP in another mode": {
    setup: BOND,
    ask: outcomeOf(ip("red", "link", "set", dev("bond0"), "type", "bond", "lacp_rate", "fast")),
    is: "unsupported",
  },

  "a VRF": shown("tenant", VRF, "vrf", { table: 10 }),
  "another table of a VRF": {
    setup: VRF,
    ask: outcomeOf(ip("red", "link", "set", dev("tenant"), "type", "vrf", "table", "11")),
    is: "unsupported",
  },

  "a GRE tunnel": shown(
    "g0",
    GRE,
    "gre",
    { local: "10.0.0.1", remote: "10.0.0.2", ttl: 0, pmtudisc: true, ikey: "0.0.0.7", okey: "0.0.0.7" },
    { address: "10.0.0.1" },
  ),
  "a second tunnel with the same ends and key": {
    setup: GRE,
    ask: outcomeOf(addLink("name", "g1", "type", "gre", "local", "10.0.0.1", "remote", "10.0.0.2", "key", "7")),
    is: "exists",
  },
  "an IPv6 tunnel": shown(
    "t6",
    [...RED, "ip -n red link add name t6 type ip6tnl local fd00::1 remote fd00::2 hoplimit 64 encaplimit none"],
    "ip6tnl",
    { local: "fd00::1", remote: "fd00::2", ttl: 64, ip6_tnl_f_ign_encap_limit: true },
  ),
  "a Geneve tunnel": shown(
    "gnv0",
    [...RED, "ip -n red link add name gnv0 type geneve id 42 remote 10.0.0.2"],
    "geneve",
    { id: 42, remote: "10.0.0.2", port: 6081, ttl: 0, df: "unset" },
  ),
  "a second Geneve tunnel to an end": {
    setup: [...RED, "ip -n red link add name gnv0 type geneve id 42 remote 10.0.0.2"],
    ask: outcomeOf(addLink("name", "gnv1", "type", "geneve", "id", "42", "remote", "10.0.0.2")),
    is: "busy",
  },

  "a netem": {
    setup: NETEM,
    ask: found((kernel) => showQdiscs(kernel, "red", "eth0")),
    is: [
      expect.objectContaining({
        ...{ kind: "netem", handle: "1234:", root: true },
        options: expect.objectContaining({
          ...{ limit: 1000, delay: { delay: 0.01, jitter: 0, correlation: 0 } },
          ...{ "loss-random": { loss: 0.01, correlation: 0 }, rate: expect.objectContaining({ rate: 125_000 }) },
        }),
      }),
    ],
  },
  "a second root qdisc": {
    setup: NETEM,
    ask: outcomeOf(tc("red", "eth0", "qdisc", "add", "dev", "eth0", "root", "netem", "delay", "5ms")),
    is: "exists",
  },
  "a delete of an absent qdisc": {
    setup: CABLE,
    ask: outcomeOf(tc("red", "eth0", "qdisc", "del", "dev", "eth0", "root")),
    is: "absent",
  },

  "the VLANs of a port": {
    setup: [
      ...FILTERING,
      "bridge -n red vlan add dev eth0 vid 10 pvid untagged",
      "bridge -n red vlan add dev eth0 vid 20-21",
    ],
    ask: found((kernel) => showVlans(kernel, "red", "eth0")),
    is: new Map([
      [1, { pvid: false, untagged: true }],
      [10, { pvid: true, untagged: true }],
      [20, { pvid: false, untagged: false }],
      [21, { pvid: false, untagged: false }],
    ]),
  },
  "the VLANs of a port without any": {
    setup: [...FILTERING, "bridge -n red vlan del dev eth0 vid 1"],
    ask: found((kernel) => showVlans(kernel, "red", "eth0")),
    is: new Map(),
  },
  "a delete of a VLAN that a port does not have": {
    setup: FILTERING,
    ask: outcomeOf(bridgeCommand("red", "eth0", "vlan", "del", "dev", "eth0", "vid", "30")),
    is: "done",
  },
  "the identifiers that a VXLAN carries": {
    setup: SINGLE,
    ask: found((kernel) => showVnis(kernel, "red", "vx0")),
    is: [
      { first: 30, last: 30, to: "remote 10.0.0.3" },
      { first: 1010, last: 1012, to: "" },
    ],
  },
  "the identifiers to which a port maps VLANs": {
    setup: SINGLE,
    ask: found((kernel) => showTunnelIds(kernel, "red", "vx0")),
    is: new Map(Object.entries({ 10: 1010, 20: 1011, 21: 1012 }).map(([vlan, id]) => [Number(vlan), id])),
  },
  "the entries of a VXLAN for several identifiers": {
    setup: SINGLE,
    ask: found((kernel) => showFdb(kernel, "red", "vx0")),
    is: expect.arrayContaining([
      expect.objectContaining({ mac: "00:00:00:00:00:00", dst: "10.0.0.2", src_vni: 1010, state: "permanent" }),
    ]),
  },
  "a VLAN of an interface that is no port": {
    setup: ADDRESS,
    ask: outcomeOf(bridgeCommand("red", "eth0", "vlan", "add", "dev", "eth0", "vid", "30")),
    is: "unsupported",
  },
};
