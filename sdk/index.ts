import { exitWithEngine } from "../provider/engine-watch.ts";

export { Address, type AddressArgs } from "./address.ts";
export { Bridge, type BridgeArgs } from "./bridge.ts";
export type { BridgePort, BridgePortArgs } from "./bridge-port.ts";
export * from "./components/index.ts";
export { Dummy, type DummyArgs } from "./dummy.ts";
export { Hosts, type HostsArgs } from "./hosts.ts";
export { Ifb, type IfbArgs } from "./ifb.ts";
export type { Interface, InterfaceRef } from "./interface.ts";
export { Macvlan, type MacvlanArgs } from "./macvlan.ts";
export { Macvtap, type MacvtapArgs } from "./macvtap.ts";
export { Namespace, type NamespaceArgs } from "./namespace.ts";
export { NatRule, type NatRuleArgs } from "./nat-rule.ts";
export type { Place } from "./place.ts";
export { Process, type ProcessArgs } from "./process.ts";
export { Route, type RouteArgs } from "./route.ts";
export { Sysctl, type SysctlArgs } from "./sysctl.ts";
export { Veth, type VethArgs, type VethEnd, type VethEndArgs } from "./veth.ts";
export { Vxlan, type VxlanArgs } from "./vxlan.ts";

// A program that loads this package ends with its engine.
exitWithEngine();
