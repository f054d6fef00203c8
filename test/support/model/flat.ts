import type { Own } from "./devices.ts";
import type { FilterThing, NeighborThing, RuleThing, ShaperThing } from "./lab.ts";

/** A lab as it should be in the kernel: with components expanded, and with the name of each object's place. */
export interface Flat {
  readonly namespaces: readonly Named[];
  readonly bridges: readonly FlatBridge[];
  readonly devices: readonly FlatDevice[];
  readonly cables: readonly FlatCable[];
  readonly overlays: readonly FlatOverlay[];
  readonly addresses: readonly FlatAddress[];
  readonly routes: readonly FlatRoute[];
  readonly nexthops: readonly FlatNexthop[];
  readonly rules: readonly FlatRule[];
  readonly filters: readonly FlatFilter[];
  readonly policies: readonly FlatPolicy[];
  readonly neighbors: readonly FlatNeighbor[];
  readonly shapers: readonly FlatShaper[];
  readonly sysctls: readonly FlatSysctl[];
  readonly hosts: readonly FlatHosts[];
  readonly processes: readonly FlatProcess[];
}

/** The name of a place; undefined for this machine's own network stack. A place on another lab host has its name before a colon. */
export type At = string | undefined;

/** Returns the place that is a namespace of a lab host, or with `undefined` that lab host's own network stack. */
export const placeOn = (lab: string | undefined, namespace: string | undefined): At =>
  lab === undefined ? namespace : `${lab}:${namespace ?? OWN_STACK}`;

/** Returns the lab host and the namespace of a place. */
export function partsOf(at: At): { readonly lab: string | undefined; readonly namespace: string | undefined } {
  const [, lab, namespace] = /^(?:(\w+):)?(.*)$/.exec(at ?? OWN_STACK) ?? [];
  return { lab, namespace: namespace === OWN_STACK ? undefined : namespace };
}

/** The name of a lab host's own network stack. */
export const OWN_STACK = "host";

interface Kept {
  readonly retained: boolean;
}

export interface Named extends Kept {
  readonly name: string;
}

export interface FlatLink {
  readonly at: At;
  readonly name: string;
  readonly mac: string | undefined;
  readonly mtu: number | undefined;
  readonly up: boolean;
  readonly altname: string | undefined;
  readonly addresses: readonly string[];
}

export interface FlatBridge extends FlatLink, Kept {
  readonly stp: boolean;
}

export interface FlatEnd extends FlatLink {
  readonly master: string | undefined;
  readonly gateways: readonly string[];
}

export interface FlatDevice extends FlatEnd, Kept {
  readonly type: string;
  readonly own: Own;
  /** The places and names of the links to which it refers. */
  readonly parent: FlatRef | undefined;
  readonly refs: Readonly<Record<string, FlatRef>>;
}

export interface FlatRef {
  readonly at: At;
  readonly name: string;
}

export interface FlatCable extends Kept {
  readonly a: FlatEnd;
  readonly b: FlatEnd;
}

/** The ends of a network across lab hosts. */
export interface FlatOverlay extends Kept {
  readonly ends: readonly FlatEnd[];
}

export interface FlatAddress {
  readonly at: At;
  readonly link: string;
  readonly address: string;
}

export interface FlatRoute {
  readonly at: At;
  readonly destination: string;
  readonly via: string | undefined;
  readonly link: string | undefined;
  readonly metric: number | undefined;
  readonly mtu: number | undefined;
  /** The number of the next hop that it uses. */
  readonly nhid: number | undefined;
}

/** A next hop object. */
export interface FlatNexthop {
  readonly at: At;
  readonly nhid: number;
  readonly via: string | undefined;
  readonly link: string | undefined;
  readonly blackhole: boolean;
  readonly members: readonly { readonly nhid: number; readonly weight: number }[] | undefined;
}

export interface FlatRule {
  readonly at: At;
  readonly type: "masquerade" | "snat" | "dnat";
  readonly source: string | readonly string[] | undefined;
  readonly destination: string | undefined;
  readonly outInterface: string | undefined;
}

export interface FlatFilter extends Pick<FilterThing, "chain" | "policy" | "ports"> {
  readonly at: At;
}

/** A rule of policy routing. */
export interface FlatPolicy extends Pick<RuleThing, "priority" | "from" | "table"> {
  readonly at: At;
}

export interface FlatNeighbor extends Pick<NeighborThing, "address" | "lladdr"> {
  readonly at: At;
  readonly link: string;
}

export interface FlatShaper extends Pick<ShaperThing, "type" | "amount"> {
  readonly at: At;
  readonly link: string;
}

export interface FlatSysctl {
  readonly at: At;
  readonly name: string;
  readonly value: string;
}

export interface FlatHosts {
  readonly at: string;
  readonly addresses: Readonly<Record<string, string>> | undefined;
  readonly nameservers: readonly string[] | undefined;
}

export interface FlatProcess {
  readonly at: At;
  readonly seconds: number;
}

/** Returns all links of a lab, with the properties of each end. */
export const linksOf = ({ bridges, devices, cables, overlays }: Flat): FlatEnd[] => [
  ...devices,
  ...bridges.map((bridge) => ({ ...bridge, master: undefined, gateways: [] })),
  ...cables.flatMap(({ a, b }) => [a, b]),
  ...overlays.flatMap(({ ends }) => ends),
];

/** Returns the networks to which a link has routes by itself, as `ip` prints them: of a WireGuard, those of its peers. */
export function routedBy(link: FlatEnd | FlatDevice): string[] {
  const { routes, peers = [] } = "own" in link ? (link.own as { routes?: boolean; peers?: Peer[] }) : {};
  const networks = routes === true ? peers.flatMap(({ allowedIps = [] }) => allowedIps) : [];
  return networks.map((network) => network.replace(network.includes(":") ? /\/128$/ : /\/32$/, ""));
}

interface Peer {
  readonly allowedIps?: readonly string[];
}

export const linkAt = (flat: Flat, { at, name }: FlatRef): FlatEnd | undefined =>
  linksOf(flat).find((link) => link.at === at && link.name === name);
