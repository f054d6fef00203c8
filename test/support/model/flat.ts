import type { Own } from "./devices.ts";
import type { FilterThing, ShaperThing } from "./lab.ts";

/** A lab as it should be in the kernel: with components expanded, and with the name of each object's place. */
export interface Flat {
  readonly namespaces: readonly Named[];
  readonly bridges: readonly FlatBridge[];
  readonly devices: readonly FlatDevice[];
  readonly cables: readonly FlatCable[];
  readonly addresses: readonly FlatAddress[];
  readonly routes: readonly FlatRoute[];
  readonly rules: readonly FlatRule[];
  readonly filters: readonly FlatFilter[];
  readonly shapers: readonly FlatShaper[];
  readonly sysctls: readonly FlatSysctl[];
  readonly hosts: readonly FlatHosts[];
  readonly processes: readonly FlatProcess[];
}

/** The name of a place; undefined for the lab host. */
export type At = string | undefined;

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
}

export interface FlatRule {
  readonly at: At;
  readonly type: "masquerade" | "snat" | "dnat";
  readonly source: string | undefined;
  readonly destination: string | undefined;
  readonly outInterface: string | undefined;
}

export interface FlatFilter extends Pick<FilterThing, "chain" | "policy" | "ports"> {
  readonly at: At;
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
export const linksOf = ({ bridges, devices, cables }: Flat): FlatEnd[] => [
  ...devices,
  ...bridges.map((bridge) => ({ ...bridge, master: undefined, gateways: [] })),
  ...cables.flatMap(({ a, b }) => [a, b]),
];
