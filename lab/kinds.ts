import { VXLAN_HEADERS, WIREGUARD_HEADERS } from "../provider/tunnel-headers.ts";
import {
  address,
  filterChain,
  hostNames,
  link,
  namespace,
  natRule,
  neighbor,
  nexthop,
  onInterface,
  pair,
  program,
  type Reader,
  route,
  routingRule,
  sysctl,
} from "./readers.ts";
import { peerNetworks, tunnelHeaders } from "./tunnel.ts";

/** The MTU of a Vxlan without `dev` is not derived from the underlay. */
const vxlanMtu = ({ dev }: Readonly<Record<string, unknown>>): number | undefined =>
  dev === undefined ? 1500 : undefined;

const always = (): boolean => true;

/** The MTU of a link that carries Ethernet frames, and of a Tun. */
const etherMtu = (): number => 1500;

/** A Vlan with loose binding goes up on its own. */
const isBound = ({ looseBinding = false }: Readonly<Record<string, unknown>>): boolean => looseBinding === false;

/** The modes of a Tunnel for Ethernet frames end with `tap`. An unknown mode may be one of them. */
const isForPackets = ({ mode }: Readonly<Record<string, unknown>>): boolean =>
  typeof mode === "string" && !mode.endsWith("tap");

const PARENT = { link: "link", namespace: "linkNamespace" };

/** The reader of each resource kind. The entry of a link kind states only how the link relates to other links. */
export const KINDS: Readonly<Record<string, Reader>> = {
  Namespace: namespace,
  Veth: pair({ device: "veth" }),
  Bridge: link({ device: "bridge", members: "port" }),
  Vxlan: link({
    ...{
      device: "vxlan",
      isTunnel: true,
      headers: VXLAN_HEADERS,
      usualMtu: vxlanMtu,
      shows: ["vni", "vnis", "underlay"],
    },
    network: ["vni", "dstport"],
  }),
  Macvlan: link({ device: "macvlan", on: PARENT, receiver: "macvlan", lan: "parent", shows: ["mode"] }),
  Macvtap: link({
    ...{ device: "macvtap", on: PARENT, receiver: "macvlan", lan: "parent", shows: ["mode"] },
    feedsProgram: true,
  }),
  Ipvlan: link({
    ...{ device: "ipvlan", on: PARENT, receiver: "ipvlan", lan: "parent", shows: ["mode"] },
    lacksEthernet: always,
  }),
  Vlan: link({ device: "vlan", on: PARENT, lan: { vlan: "vid" }, shows: ["vid"], needsParentUp: isBound }),
  Bond: link({ device: "bond", members: "member", usualMtu: etherMtu, shows: ["mode"] }),
  Vrf: link({
    ...{ device: "vrf", members: "member", separates: true, shows: ["table"] },
    lacksEthernet: always,
  }),
  Tunnel: link({
    ...{ device: "tunnel", isTunnel: true, headers: tunnelHeaders, shows: ["mode", "underlay"] },
    lacksEthernet: isForPackets,
  }),
  Geneve: link({ device: "geneve", isTunnel: true, headers: VXLAN_HEADERS, shows: ["vni", "underlay"] }),
  WireGuard: link({
    ...{ device: "wireguard", isTunnel: true, headers: WIREGUARD_HEADERS, usualMtu: () => 1420, shows: ["underlay"] },
    lacksEthernet: always,
    destinations: peerNetworks,
  }),
  Tap: link({ device: "tap", usualMtu: etherMtu }),
  Tun: link({ device: "tun", usualMtu: etherMtu, lacksEthernet: always }),
  Nic: link({ device: "nic" }),
  Dummy: link({ device: "dummy", usualMtu: etherMtu }),
  Ifb: link({ device: "ifb", usualMtu: etherMtu }),
  Address: address,
  Route: route,
  Nexthop: nexthop,
  RoutingRule: routingRule,
  NatRule: natRule,
  FilterChain: filterChain,
  Sysctl: sysctl,
  Netem: onInterface,
  Tbf: onInterface,
  FqCodel: onInterface,
  Neighbor: neighbor,
  FdbEntry: onInterface,
  Process: program,
  Command: program,
  Hosts: hostNames,
};
