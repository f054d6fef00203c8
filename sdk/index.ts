import { exitWithEngine } from "../provider/engine-watch.ts";

export { Address, type AddressArgs } from "./address.ts";
export { Bond, type BondArgs } from "./bond.ts";
export { Bridge, type BridgeArgs } from "./bridge.ts";
export type { BridgePortArgs, PortSettings } from "./bridge-port.ts";
export { Command, type CommandArgs } from "./command.ts";
export * from "./components/index.ts";
export { Dummy, type DummyArgs } from "./dummy.ts";
export { FdbEntry, type FdbEntryArgs } from "./fdb-entry.ts";
export {
  type ConnectionState,
  FilterChain,
  type FilterChainArgs,
  type FilterProtocol,
  type FilterRule,
  type FilterRuleArgs,
  type IcmpType,
} from "./filter-chain.ts";
export { FqCodel, type FqCodelArgs } from "./fq-codel.ts";
export { Geneve, type GeneveArgs } from "./geneve.ts";
export { Hosts, type HostsArgs } from "./hosts.ts";
export { Ifb, type IfbArgs } from "./ifb.ts";
export type { ImpairmentArgs } from "./impairment.ts";
export type { Interface, InterfaceRef } from "./interface.ts";
export { Ipvlan, type IpvlanArgs } from "./ipvlan.ts";
export { Macvlan, type MacvlanArgs } from "./macvlan.ts";
export { Macvtap, type MacvtapArgs } from "./macvtap.ts";
export { Namespace, type NamespaceArgs } from "./namespace.ts";
export { type NatProtocol, NatRule, type NatRuleArgs } from "./nat-rule.ts";
export { Neighbor, type NeighborArgs } from "./neighbor.ts";
export {
  type DestinationNetemArgs,
  type DestinationNetemSettings,
  type LinkNetemArgs,
  Netem,
  type NetemArgs,
  type NetemSettings,
  type PacketNetemArgs,
} from "./netem.ts";
export { Nexthop, type NexthopArgs, type NexthopMemberArgs } from "./nexthop.ts";
export { Nic, type NicArgs } from "./nic.ts";
export type { Place } from "./place.ts";
export { Process, type ProcessArgs, type ReadyArgs } from "./process.ts";
export type { GetOptions } from "./resource.ts";
export { type NextHop, type NextHopArgs, Route, type RouteArgs } from "./route.ts";
export { RoutingRule, type RoutingRuleArgs } from "./routing-rule.ts";
export { Sysctl, type SysctlArgs } from "./sysctl.ts";
export { Tap, type TapArgs } from "./tap.ts";
export { Tbf, type TbfArgs } from "./tbf.ts";
export { Tun, type TunArgs } from "./tun.ts";
export { Tunnel, type TunnelArgs } from "./tunnel.ts";
export { Veth, type VethArgs, type VethEnd, type VethEndArgs } from "./veth.ts";
export { Vlan, type VlanArgs } from "./vlan.ts";
export { Vrf, type VrfArgs } from "./vrf.ts";
export { Vxlan, type VxlanArgs } from "./vxlan.ts";
export { WireGuard, type WireGuardArgs, type WireGuardPeer, type WireGuardPeerArgs } from "./wire-guard.ts";

// A program that loads this package ends with its engine.
exitWithEngine();
