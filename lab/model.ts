import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import type { HostNamesFact } from "./host-names.ts";
import type { Known } from "./known.ts";
import type { LinkTraits } from "./link-traits.ts";
import type { NamedInterface } from "./named-interface.ts";
import type { NatRuleFact } from "./nat-rules.ts";
import type { NeighborFact } from "./neighbors.ts";
import type { Hop, NextHopFact, ReferenceFact } from "./next-hops.ts";
import type { RoutingRuleFact } from "./routing-rules.ts";
import type { TunnelEnds } from "./tunnel.ts";

/** One fact that a resource adds to a lab, from its arguments. A resource may add several, such as the two ends of a pair. */
export type Fact =
  | NamespaceFact
  | LinkFact
  | PairFact
  | AddressFact
  | RouteFact
  | NextHopFact
  | ReferenceFact
  | SourceNatFact
  | DestinationNatFact
  | NatRuleFact
  | FilterFact
  | MatchFact
  | SysctlFact
  | ProgramFact
  | RoutingRuleFact
  | NeighborFact
  | HostNamesFact
  | OtherFact;

/** A fact with the resource that declares it. */
export type Item<R, Is extends Fact["is"] = Fact["is"]> = Of<Is, Fact> & { readonly resource: R };

/** The facts of one type. */
type Of<Is extends Fact["is"], F extends { readonly is: string }> = F extends { readonly is: Is } ? F : never;

/** A fact that has no null values except those that do not identify its object. */
export type KnownItem<R, Is extends Fact["is"] = Fact["is"]> = Of<Is, KnownFact> & { readonly resource: R };
export type KnownFact = NoNull<Fact>;

type NoNull<F> = F extends Fact
  ? { readonly [Key in keyof F]: Key extends MayBeNull ? F[Key] : Filled<F[Key]> }
  : never;
type Filled<V> = V extends readonly unknown[]
  ? { readonly [Index in keyof V]: Exclude<V[Index], null> }
  : Exclude<V, null>;
type MayBeNull = (typeof MAY_BE_NULL)[number];

/** Returns true if all values that identify the object of a fact are known. */
export const isKnown = <R>(item: Item<R>): item is KnownItem<R> & Item<R> =>
  item.is !== "unread" && Object.entries(item).every(([key, value]) => mayBeNull.has(key) || !hasNull(value));

const MAY_BE_NULL = [
  "resource",
  "traits",
  "layer",
  "args",
  "up",
  "stp",
  "forwardDelay",
  "vlanFiltering",
  "vlans",
  "ownVlans",
  "defaultVlan",
  "isolated",
  "tunnel",
  "nat",
  "onlink",
  "table",
  "metric",
  "preferred",
  "drops",
  "family",
  "makes",
  "target",
] as const;
const mayBeNull: ReadonlySet<string> = new Set(MAY_BE_NULL);

const hasNull = (value: unknown): boolean => (Array.isArray(value) ? value.includes(null) : value === null);

interface InNamespace {
  /** The namespace of the object; undefined for the lab host. */
  readonly namespace: Known<string> | undefined;
}

export interface NamespaceFact {
  readonly is: "namespace";
  readonly namespace: Known<string>;
  /** Its layer in a picture; undefined if the program does not set it. */
  readonly layer: Known<number> | undefined;
}

/** A network interface. The key of an interface is its namespace, a slash and its name. */
export interface LinkFact extends InNamespace {
  readonly is: "link";
  readonly traits: LinkTraits;
  /** The end of a pair, `a` or `b`; undefined for a link that is a resource of its own. */
  readonly side: string | undefined;
  readonly name: Known<string>;
  readonly key: Known<string>;
  /** The key of its master, such as the bridge of a port. */
  readonly master: Known<string> | undefined;
  /** The key of its parent link. */
  readonly parent: Known<string> | undefined;
  /** The place whose addresses and routes carry its packets: that of a tunnel's underlay, else its own. */
  readonly underlay: Known<string> | undefined;
  /** The VLAN ID, if the link carries one VLAN of its parent. */
  readonly vlan: Known<number> | undefined;
  /** Undefined if the kernel chooses the MTU. */
  readonly mtu: Known<number> | undefined;
  /** The MTU that the kernel gives the link without one, if it does not follow from other links. */
  readonly usualMtu: number | undefined;
  readonly up: Known<boolean>;
  /** Whether it runs the spanning tree protocol. */
  readonly stp: Known<boolean>;
  /** The time that a new port listens, and then learns, in seconds. Undefined if the program does not set it. */
  readonly forwardDelay: Known<number> | undefined;
  /** Whether it filters by VLAN. */
  readonly vlanFiltering: Known<boolean>;
  /** The VLANs that it has as a bridge port; undefined if the bridge gives it the default one. */
  readonly vlans: Known<readonly string[]> | undefined;
  /** The VLANs that it has as a bridge itself; undefined for the default one. */
  readonly ownVlans: Known<readonly string[]> | undefined;
  /** The VLAN that it gives to new ports, as a bridge; 0 for none. */
  readonly defaultVlan: Known<number>;
  /** Its ends, if it is a tunnel. */
  readonly tunnel: TunnelEnds | undefined;
  /** Whether it is an isolated port, which exchanges no frames with the other isolated ports of its bridge. */
  readonly isolated: Known<boolean>;
  readonly addresses: readonly Known<string>[];
  /** The gateways of the default routes through it. */
  readonly gateways: readonly Known<string>[];
  /** The destinations of the routes over it that have no gateway. */
  readonly destinations: readonly Known<string>[];
  /** All arguments of the resource, unchanged. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** A veth pair: packets that enter one end leave at the other. */
export interface PairFact extends InNamespace {
  readonly is: "pair";
  /** The keys of its two links. */
  readonly ends: readonly [Known<string>, Known<string>];
}

/** An address that is a resource of its own. */
export interface AddressFact extends InNamespace {
  readonly is: "address";
  /** The name of its interface. */
  readonly interface: Known<string>;
  /** The key of its interface. */
  readonly link: Known<string>;
  readonly address: Known<string>;
  readonly peer: Known<string> | undefined;
}

/** A route, or a further next hop of the one before it. */
export interface RouteFact extends InNamespace, Hop {
  readonly is: "route" | "further hop";
  /** A network, or `default`. */
  readonly destination: Known<string>;
  /** The number of its routing table; 254 is the main one. */
  readonly table: Known<number> | undefined;
  /** Undefined for that of the kernel. */
  readonly metric: Known<number> | undefined;
  /** The source address of packets that the place itself sends over the route. */
  readonly preferred: Known<string> | undefined;
  /** Whether the kernel drops packets to the destination, as a blackhole route does. */
  readonly drops: Known<boolean>;
}

/** A rule that replaces the source address of forwarded packets. */
export interface SourceNatFact extends InNamespace {
  readonly is: "source NAT";
  /** The networks and addresses of the packets; undefined for any. */
  readonly sources: readonly Known<string>[] | undefined;
  /** The keys of the outgoing interfaces; undefined for any. */
  readonly outs: readonly Known<string>[] | undefined;
}

/** A rule that replaces the destination address of packets. */
export interface DestinationNatFact extends InNamespace {
  readonly is: "destination NAT";
  /** The new address, or a range of addresses; undefined for a rule that translates nothing. */
  readonly target: Known<string> | undefined;
}

/** A chain of the firewall. */
export interface FilterFact extends InNamespace {
  readonly is: "filter";
  readonly chain: Known<string>;
  readonly policy: Known<string>;
  readonly rules: readonly Known<FilterRule>[];
}

/** The names of interfaces in the arguments of a resource. No resource need create an interface of such a name. */
export interface MatchFact extends InNamespace {
  readonly is: "interface match";
  /** The names. Unknown ones are omitted. */
  readonly names: readonly NamedInterface[];
}

export interface SysctlFact extends InNamespace {
  readonly is: "sysctl";
  readonly key: Known<string>;
  readonly value: Known<string>;
}

/** A program, which may set addresses and routes while it runs. */
export interface ProgramFact extends InNamespace {
  readonly is: "program";
  /** The names of the interfaces that it makes; undefined if it may make any. */
  readonly makes: Known<readonly string[]> | undefined;
  /** The key of the interface for which it gets an address by DHCP; undefined if it is not known as a DHCP client. */
  readonly leased: Known<string> | undefined;
}

/**
 * An object that does not affect the path of packets, or an object of a kind that the table lacks, whose effect is unknown.
 */
export interface OtherFact extends InNamespace {
  readonly is: "other" | "unread";
}
