export { Address, type AddressArgs } from "./address.ts";
export { Bridge, type BridgeArgs } from "./bridge.ts";
export type { Interface, InterfaceRef } from "./interface.ts";
export { Namespace, type NamespaceArgs } from "./namespace.ts";
export { NatRule, type NatRuleArgs } from "./nat-rule.ts";
export type { Place } from "./place.ts";
export { Route, type RouteArgs } from "./route.ts";
export { Sysctl, type SysctlArgs } from "./sysctl.ts";
export { Veth, type VethArgs, type VethEnd, type VethEndArgs } from "./veth.ts";
