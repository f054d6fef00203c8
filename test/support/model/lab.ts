/*
 * Labs as data: the declarations of a program, in order. Each object has a key that identifies it while its names change, both
 * in the program and in the kernel.
 */

import type { Own } from "./devices.ts";
import type { HostThing, LanThing, LinkThing, RouterThing } from "./lab-components.ts";
import type { Common, HopRef, LinkRef, OnLabHost, Place } from "./lab-refs.ts";

/** The declarations of one program. */
export type Lab = readonly Thing[];

export type Thing =
  | LabHostThing
  | NamespaceThing
  | BridgeThing
  | DeviceThing
  | VethThing
  | AddressThing
  | RouteThing
  | NexthopThing
  | NatThing
  | FilterThing
  | RuleThing
  | NeighborThing
  | ShaperThing
  | SysctlThing
  | HostsThing
  | ProcessThing
  | HostThing
  | RouterThing
  | LanThing
  | LinkThing;

/** A lab host other than this machine. Its `id` is one of {@link LAB_HOSTS}. */
export interface LabHostThing extends Common {
  readonly kind: "labHost";
  /** Whether the others reach it at its second address. */
  readonly second?: boolean | undefined;
  readonly mtu?: number | undefined;
}

/** The lab hosts of the ground besides this machine, with the two addresses of each. */
export const LAB_HOSTS: Readonly<Record<string, readonly [string, string]>> = {
  lab1: ["10.77.0.11", "10.77.0.21"],
  lab2: ["10.77.0.12", "10.77.0.22"],
  lab3: ["10.77.0.13", "10.77.0.23"],
};

/** The interface of a lab host that leads to the others. */
export const LAB_HOST_CABLE = "eth0";

export interface NamespaceThing extends Common, OnLabHost {
  readonly kind: "namespace";
  readonly name: string;
}

/** The fields that a bridge and the end of a veth pair have in common. */
export interface LinkFields {
  readonly name: string;
  readonly place?: Place | undefined;
  readonly mac?: string | undefined;
  readonly mtu?: number | undefined;
  readonly up?: boolean | undefined;
  readonly altname?: string | undefined;
  readonly addresses?: readonly string[] | undefined;
}

export interface BridgeThing extends Common, LinkFields {
  readonly kind: "bridge";
  readonly stp?: boolean | undefined;
}

export interface EndFields extends LinkFields {
  readonly master?: LinkRef | undefined;
  readonly gateways?: readonly string[] | undefined;
}

/** A link of another kind: `type` is its class. Without a `place` it is in that of its parent. */
export interface DeviceThing extends Common, EndFields {
  readonly kind: "device";
  readonly type: string;
  /** The link on which it is created. */
  readonly parent?: LinkRef | undefined;
  /** The kind's own arguments: the values, and the references to other links in the same place. */
  readonly own: Own;
  readonly refs?: Readonly<Record<string, LinkRef>> | undefined;
}

export interface VethThing extends Common {
  readonly kind: "veth";
  readonly a: EndFields;
  readonly b: EndFields;
}

export interface AddressThing extends Common {
  readonly kind: "address";
  readonly on: LinkRef;
  readonly address: string;
}

export interface RouteThing extends Common {
  readonly kind: "route";
  readonly place?: Place | undefined;
  readonly on?: LinkRef | undefined;
  readonly destination: string;
  readonly via?: string | undefined;
  /** The next hop object, instead of a link and a gateway. */
  readonly hop?: HopRef | undefined;
  readonly metric?: number | undefined;
  readonly mtu?: number | undefined;
}

/** A next hop object: a way over a link, a blackhole, or a group of others. */
export interface NexthopThing extends Common {
  readonly kind: "nexthop";
  readonly place?: Place | undefined;
  readonly nhid: number;
  readonly on?: LinkRef | undefined;
  readonly via?: string | undefined;
  readonly blackhole?: boolean | undefined;
  readonly members?: readonly (HopRef & { readonly weight: number })[] | undefined;
}

export interface NatThing extends Common {
  readonly kind: "nat";
  readonly place?: Place | undefined;
  readonly type: "masquerade" | "snat" | "dnat";
  readonly source?: string | readonly string[] | undefined;
  readonly destination?: string | undefined;
  readonly outInterface?: LinkRef | undefined;
}

export interface FilterThing extends Common {
  readonly kind: "filter";
  readonly place?: Place | undefined;
  readonly chain: "input" | "forward";
  readonly policy: "accept" | "drop";
  /** The ports of TCP to which packets are dropped, in order. */
  readonly ports: readonly number[];
}

/** A rule of policy routing, with a table that is empty, so that all packets take the way that they take without the rule. */
export interface RuleThing extends Common {
  readonly kind: "rule";
  readonly place?: Place | undefined;
  readonly priority: number;
  readonly from: string;
  readonly table: number;
}

/** The MAC address of an address that no place has. */
export interface NeighborThing extends Common {
  readonly kind: "neighbor";
  readonly on: LinkRef;
  readonly address: string;
  readonly lladdr: string;
}

/** The queueing discipline of a link. */
export interface ShaperThing extends Common {
  readonly kind: "shaper";
  readonly on: LinkRef;
  readonly type: Shaper;
  /** The rate in Mbit/s, the delay in milliseconds, or the limit in thousands of packets. */
  readonly amount: number;
}

export type Shaper = "Tbf" | "Netem" | "FqCodel";

export interface SysctlThing extends Common {
  readonly kind: "sysctl";
  readonly place?: Place | undefined;
  /** The interface of the setting, if the key contains a `*`. */
  readonly on?: LinkRef | undefined;
  readonly name: string;
  readonly value: string;
}

export interface HostsThing extends Common {
  readonly kind: "hosts";
  readonly place: Place;
  readonly addresses?: Readonly<Record<string, string>> | undefined;
  readonly nameservers?: readonly string[] | undefined;
}

export interface ProcessThing extends Common {
  readonly kind: "process";
  readonly place?: Place | undefined;
  /** The number of seconds that it sleeps. */
  readonly seconds: number;
}

export type Kind = Thing["kind"];

export type ThingOf<K extends Kind> = Extract<Thing, { kind: K }>;
