import { VXLAN_HEADERS, WIREGUARD_HEADERS } from "../provider/tunnel-headers.ts";
import {
  address,
  filterChain,
  link,
  namespace,
  natRule,
  other,
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

/** The modes of a Tunnel for Ethernet frames end with `tap`. An unknown mode may be one of them. */
const isForPackets = ({ mode }: Readonly<Record<string, unknown>>): boolean =>
  typeof mode === "string" && !mode.endsWith("tap");

const PARENT = { link: "link", namespace: "linkNamespace" };

/** The reader of each resource kind. The entry of a link kind states only how the link relates to other links. */
export const KINDS: Readonly<Record<string, Reader>> = {
  Namespace: namespace,
  Veth: pair({ device: "veth" }),
  Bridge: link({ device: "bridge" }),
  Vxlan: link({
    ...{ device: "vxlan", isTunnel: true, headers: VXLAN_HEADERS, usualMtu: vxlanMtu, shows: ["vni", "underlay"] },
    network: ["vni", "dstport"],
  }),
  Macvlan: link({ device: "macvlan", on: PARENT, takesParent: true, lan: "parent", shows: ["mode"] }),
  Macvtap: link({ device: "macvtap", on: PARENT, takesParent: true, lan: "parent", shows: ["mode"] }),
  Ipvlan: link({
    ...{ device: "ipvlan", on: PARENT, takesParent: true, lan: "parent", shows: ["mode"] },
    lacksEthernet: always,
  }),
  Vlan: link({ device: "vlan", on: PARENT, lan: { vlan: "vid" }, shows: ["vid"] }),
  Bond: link({ device: "bond", shows: ["mode"] }),
  Vrf: link({ device: "vrf", separates: true, lacksEthernet: always, shows: ["table"] }),
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
  Tap: link({ device: "tap" }),
  Tun: link({ device: "tun", lacksEthernet: always }),
  Nic: link({ device: "nic" }),
  Dummy: link({ device: "dummy" }),
  Ifb: link({ device: "ifb" }),
  Address: address,
  Route: route,
  Nexthop: other,
  RoutingRule: routingRule,
  NatRule: natRule,
  FilterChain: filterChain,
  Sysctl: sysctl,
  Netem: other,
  Tbf: other,
  FqCodel: other,
  Neighbor: other,
  FdbEntry: other,
  Process: program,
  Command: program,
  Hosts: other,
};
