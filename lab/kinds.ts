import { address, link, namespace, natRule, other, pair, type Reader, route, sysctl } from "./readers.ts";

/** How each kind of resource is read: one line for each. A kind of link says only how it relates to other links. */
export const KINDS: Readonly<Record<string, Reader>> = {
  Namespace: namespace,
  Veth: pair({ device: "veth" }),
  Bridge: link({ device: "bridge" }),
  Address: address,
  Route: route,
  NatRule: natRule,
  Sysctl: sysctl,
  Process: other,
  Hosts: other,
};
