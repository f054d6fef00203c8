/*
 * Labs as data: what a program declares, in its order. Each thing has a key by which it stays the same thing while names, in
 * the program and in the kernel, change around it.
 */

/** What one program declares. */
export type Lab = readonly Thing[];

export type Thing =
  | NamespaceThing
  | BridgeThing
  | VethThing
  | AddressThing
  | RouteThing
  | NatThing
  | SysctlThing
  | HostsThing
  | ProcessThing
  | HostThing
  | RouterThing
  | LanThing
  | LinkThing;

/** What every resource and component has. */
export interface Common {
  readonly key: number;
  /** The resource's name in the program. */
  readonly id: string;
  readonly options?: Options | undefined;
}

export interface Options {
  readonly retainOnDelete?: boolean | undefined;
  readonly protect?: boolean | undefined;
  /** Names that the resource had before. */
  readonly aliases?: readonly string[] | undefined;
}

/**
 * Another thing of the program. By its name, the program writes what the kernel calls it, and that it depends on it, which
 * nothing else would tell.
 */
export interface Ref {
  readonly key: number;
  readonly by: "object" | "name";
}

/** A place that is not the lab host: a namespace, a host or a router of the program, or a namespace that others have made. */
export type Place = Ref | { readonly outside: string };

/** An interface: a bridge, or one end of a cable. */
export interface LinkRef extends Ref {
  readonly end?: "a" | "b";
}

export interface NamespaceThing extends Common {
  readonly kind: "namespace";
  readonly name: string;
}

/** What a bridge and the end of a cable have in common. */
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
  readonly metric?: number | undefined;
  readonly mtu?: number | undefined;
}

export interface NatThing extends Common {
  readonly kind: "nat";
  readonly place?: Place | undefined;
  readonly type: "masquerade" | "snat" | "dnat";
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly outInterface?: LinkRef | undefined;
}

export interface SysctlThing extends Common {
  readonly kind: "sysctl";
  readonly place?: Place | undefined;
  /** The interface whose setting it is, where the key has a `*`. */
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
  /** For how many seconds it sleeps. */
  readonly seconds: number;
}

export interface HostThing extends Common {
  readonly kind: "host";
  readonly name?: string | undefined;
}

export interface RouterThing extends Common {
  readonly kind: "router";
  readonly name?: string | undefined;
  readonly nat?: boolean | undefined;
}

/** A LAN, with the hosts that it makes and those that join it. */
export interface LanThing extends Common {
  readonly kind: "lan";
  /** The third byte of its network. */
  readonly net: number;
  readonly mtu?: number | undefined;
  readonly router?: number | undefined;
  readonly hosts: readonly Seat[];
  readonly joins: readonly Joined[];
}

/** A host with its number in the network. */
export interface Seat {
  readonly name: string;
  readonly number: number;
}

export interface Joined {
  readonly node: number;
  readonly number: number;
}

export interface LinkThing extends Common {
  readonly kind: "link";
  readonly a: number;
  readonly b: number;
  /** The third byte of its network. */
  readonly net: number;
  readonly gateway?: "a" | "b" | undefined;
  readonly mtu?: number | undefined;
}

export type Kind = Thing["kind"];
export type ThingOf<K extends Kind> = Extract<Thing, { kind: K }>;

/** The things of a kind, in the order of the program. */
export const ofKind = <K extends Kind>(lab: Lab, ...kinds: readonly K[]): ThingOf<K>[] =>
  lab.filter((thing): thing is ThingOf<K> => (kinds as readonly Kind[]).includes(thing.kind));

export const find = (lab: Lab, key: number): Thing | undefined => lab.find((thing) => thing.key === key);

/** The keys of all that a thing refers to, and whose objects the program thus needs before it. */
export function references(thing: Thing): number[] {
  const { place, on, outInterface, a, b, router, joins } = thing as {
    place?: Place;
    on?: LinkRef;
    outInterface?: LinkRef;
    a?: EndFields | number;
    b?: EndFields | number;
    router?: number;
    joins?: readonly Joined[];
  };
  const ofEnd = (end: EndFields | number | undefined): (Place | LinkRef | undefined | number)[] =>
    typeof end === "object" ? [end.place, end.master] : [end];
  return [place, on, outInterface, ...ofEnd(a), ...ofEnd(b), router, ...(joins ?? []).map(({ node }) => node)].flatMap(
    (ref) => (typeof ref === "number" ? ref : ref !== undefined && "key" in ref ? ref.key : []),
  );
}

/** A lab in which a thing is another. */
export const withThing = (lab: Lab, thing: Thing): Lab => lab.map((old) => (old.key === thing.key ? thing : old));

/** A lab without a thing, and without all that refers to it. */
export function without(lab: Lab, key: number): Lab {
  const gone = new Set([key]);
  for (const thing of lab) if (references(thing).some((ref) => gone.has(ref))) gone.add(thing.key);
  return lab.filter((thing) => !gone.has(thing.key));
}

/** The key of the next thing: none that any of the labs has. */
export const freshKey = (...labs: readonly Lab[]): number =>
  Math.max(0, ...labs.flatMap((lab) => lab.map(({ key }) => key))) + 1;
