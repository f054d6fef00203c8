/** A value as far as it is known: null where only an `up` will tell it. */
export type Known<T> = T | null;

/** What one resource puts into a lab, as its arguments say. A resource may put in several, such as the two ends of a pair. */
export type Fact =
  | NamespaceFact
  | LinkFact
  | PairFact
  | AddressFact
  | RouteFact
  | SourceNatFact
  | SysctlFact
  | OtherFact;

/** A fact with the resource that states it. */
export type Item<R, Is extends Fact["is"] = Fact["is"]> = Of<Is, Fact> & { readonly resource: R };

/** The facts of one sort. */
type Of<Is extends Fact["is"], F extends { readonly is: string }> = F extends { readonly is: Is } ? F : never;

/** A fact without a null but in the values that are not needed to tell what it is about. */
export type KnownItem<R, Is extends Fact["is"] = Fact["is"]> = Of<Is, KnownFact> & { readonly resource: R };
export type KnownFact = NoNull<Fact>;

type NoNull<F> = F extends Fact
  ? { readonly [Key in keyof F]: Key extends MayBeNull ? F[Key] : Filled<F[Key]> }
  : never;
type Filled<V> = V extends readonly unknown[]
  ? { readonly [Index in keyof V]: Exclude<V[Index], null> }
  : Exclude<V, null>;
type MayBeNull = (typeof MAY_BE_NULL)[number];

/** Whether all that is needed of a fact is known. */
export const isKnown = <R>(item: Item<R>): item is KnownItem<R> & Item<R> =>
  item.is !== "unread" && Object.entries(item).every(([key, value]) => mayBeNull.has(key) || !hasNull(value));

const MAY_BE_NULL = ["resource", "traits", "args", "up", "stp", "forwardDelay", "vlanFiltering", "onlink"] as const;
const mayBeNull: ReadonlySet<string> = new Set(MAY_BE_NULL);

const hasNull = (value: unknown): boolean => (Array.isArray(value) ? value.includes(null) : value === null);

interface InNamespace {
  /** The namespace that it is in; undefined for the lab host. */
  readonly namespace: Known<string> | undefined;
}

export interface NamespaceFact {
  readonly is: "namespace";
  readonly namespace: Known<string>;
}

/** A network interface. Interfaces are named by keys: the name of the interface, behind its namespace and a slash. */
export interface LinkFact extends InNamespace {
  readonly is: "link";
  readonly traits: LinkTraits;
  /** Which end of a pair it is; undefined for a link that is a resource by itself. */
  readonly side: string | undefined;
  readonly name: Known<string>;
  readonly key: Known<string>;
  /** The key of its master, such as the bridge that it is a port of. */
  readonly master: Known<string> | undefined;
  /** The key of the link that it stands on. */
  readonly parent: Known<string> | undefined;
  /** The number of its VLAN, where it stands for one VLAN of its parent. */
  readonly vlan: Known<number> | undefined;
  /** Undefined where the kernel chooses. */
  readonly mtu: Known<number> | undefined;
  readonly up: Known<boolean>;
  /** Whether it speaks the spanning tree protocol. */
  readonly stp: Known<boolean>;
  /** How long a new port of it listens, and then learns, in seconds. Undefined where the program leaves it out. */
  readonly forwardDelay: Known<number> | undefined;
  /** Whether it keeps VLANs apart. */
  readonly vlanFiltering: Known<boolean>;
  readonly addresses: readonly Known<string>[];
  /** The gateways of the default routes over it. */
  readonly gateways: readonly Known<string>[];
  /** All its arguments, as the resource has them. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** A veth pair: what enters one end leaves the other. */
export interface PairFact extends InNamespace {
  readonly is: "pair";
  /** The keys of its two links. */
  readonly ends: readonly [Known<string>, Known<string>];
}

/** An address that is a resource by itself. */
export interface AddressFact extends InNamespace {
  readonly is: "address";
  /** The name of its interface. */
  readonly interface: Known<string>;
  /** The key of its interface. */
  readonly link: Known<string>;
  readonly address: Known<string>;
  readonly peer: Known<string> | undefined;
}

export interface RouteFact extends InNamespace {
  readonly is: "route";
  /** The key of its interface. */
  readonly link: Known<string> | undefined;
  /** A network, or `default`. */
  readonly destination: Known<string>;
  readonly via: Known<string> | undefined;
  /** Whether the gateway counts as on-link whatever its network. */
  readonly onlink: Known<boolean>;
}

/** A rule that replaces the source address of what a place sends on. */
export interface SourceNatFact extends InNamespace {
  readonly is: "source NAT";
  readonly source: Known<string> | undefined;
  /** The key of the interface that it leaves by. */
  readonly out: Known<string> | undefined;
}

export interface SysctlFact extends InNamespace {
  readonly is: "sysctl";
  readonly key: Known<string>;
  readonly value: Known<string>;
}

/** An object that is part of no path of a packet, or one of a kind that the table does not have, which may be anything. */
export interface OtherFact extends InNamespace {
  readonly is: "other" | "unread";
}

/** How a kind of link relates to others. All properties are absent for a link that stands alone, such as a dummy. */
export interface LinkTraits {
  /** The device type, as in `ip link add … type vxlan`. */
  readonly device: string;
  /** The arguments that name the link that it stands on, and the namespace of that link. */
  readonly on?: { readonly link: string; readonly namespace: string };
  /** Its parent must have no other handler of its packets: it is no port of a bridge, and no such link itself. */
  readonly takesParent?: true;
  /** The LAN that it is on: that of the link that it stands on, or one VLAN of it, by the argument that has the number. */
  readonly lan?: "parent" | { readonly vlan: string };
  /** Its far end is not one of the lab's links, so it may lead to any other tunnel. */
  readonly isTunnel?: true;
  /** The links that have it as their master stay LANs of their own, as those of a VRF do. */
  readonly separates?: true;
  /** The arguments that a picture of it tells. */
  readonly shows?: readonly string[];
}
