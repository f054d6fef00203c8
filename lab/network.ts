import { type Connections, connections } from "./connections.ts";
import { forwardedBy } from "./forwarding.ts";
import type { NamedAddress } from "./host-names.ts";
import { incompleteFrom } from "./incomplete.ts";
import { type Fact, type Item, isKnown, type KnownItem, type LinkFact, type RouteFact } from "./model.ts";
import { keysMatching, type NamedInterface } from "./named-interface.ts";
import type { Neighbor } from "./neighbors.ts";
import { host, type Net, net, netsIn } from "./net.ts";
import type { Hop, NextHopFact, ReferenceFact } from "./next-hops.ts";
import type { DestinationNat, Filter, NatRule, SourceNat } from "./packet-rules.ts";
import type { Placed } from "./placed.ts";
import { type Route, routesOf } from "./routes.ts";
import { type RoutingRules, routingRulesOf } from "./routing-rules.ts";

/** A lab as a network, as far as its resources determine it. */
export interface Network<R> extends Connections, RoutingRules<R> {
  /** The namespaces that the program creates. Nothing else adds objects to them. */
  readonly namespaces: ReadonlySet<string>;
  /** The interfaces that the program creates, by key. */
  readonly links: ReadonlyMap<string, Link<R>>;
  readonly pairs: readonly Pair<R>[];
  readonly addresses: readonly InterfaceAddress<R>[];
  readonly routes: readonly Route<R>[];
  readonly nextHops: readonly NextHop<R>[];
  /** The numbers by which routes and groups refer to next hops. */
  readonly references: readonly Reference<R>[];
  readonly sourceNats: readonly SourceNat<R>[];
  readonly destinationNats: readonly DestinationNat<R>[];
  readonly natRules: readonly NatRule<R>[];
  readonly filters: readonly Filter<R>[];
  /** Links with a master, such as the ports of a bridge. */
  readonly masters: readonly Master<R>[];
  /** The resources in a namespace, each with its namespace. */
  readonly placed: readonly Placed<R>[];
  /** The places in which programs run, which may set addresses and routes; "" for the lab host. */
  readonly programs: ReadonlySet<string>;
  /** The programs, each with the interfaces that it makes. */
  readonly makers: readonly Maker<R>[];
  /** The names of interfaces in the arguments of resources. */
  readonly matches: readonly Match<R>[];
  readonly neighbors: readonly Neighbor<R>[];
  /** The addresses that resources give to names and name servers. */
  readonly named: readonly (Placed<R> & NamedAddress)[];
  readonly sysctls: readonly Sysctl<R>[];
  /** Places that forward, each with an address family; see `forwarder`. */
  readonly forwards: ReadonlySet<string>;
  /** The types of facts that have an unknown value. A fact of such a type that seems to be missing may exist. */
  readonly incomplete: ReadonlySet<Fact["is"]>;
}

/** An interface that the program creates. */
export interface Link<R>
  extends Pick<
    LinkFact,
    | "traits"
    | "side"
    | "up"
    | "stp"
    | "forwardDelay"
    | "vlanFiltering"
    | "isolated"
    | "vlans"
    | "ownVlans"
    | "defaultVlan"
    | "tunnel"
    | "usualMtu"
    | "gateways"
    | "destinations"
    | "args"
  > {
  readonly resource: R;
  readonly key: string;
  /** The place whose addresses and routes carry its packets; undefined for the lab host. */
  readonly underlay: string | undefined;
  /** The VLAN ID, if the link carries one VLAN of its parent. */
  readonly vlan: number | undefined;
  /** The key of its parent link. */
  readonly parent: string | undefined;
  /** The key of its master. */
  readonly master: string | undefined;
  /** Undefined if the kernel chooses the MTU. */
  readonly mtu: number | undefined;
}

/** A veth pair with its two interfaces. */
export interface Pair<R> {
  readonly resource: R;
  readonly ends: readonly [string, string];
}

export interface InterfaceAddress<R> {
  readonly resource: R;
  /** The namespace; "" for the lab host. */
  readonly place: string;
  /** The key of the interface. */
  readonly link: string;
  readonly net: Net;
  readonly peer: Net | undefined;
}

/** A next hop with a number; a group has no gateway. */
export type NextHop<R> = Omit<Route<R>, Exclude<keyof RouteFact, keyof Hop>> & Pick<NextHopFact, "nhid" | "family">;

/** The number by which a route or a group refers to a next hop. */
export type Reference<R> = Placed<R> & Pick<ReferenceFact, "argument" | "nhid">;

/** A link and its master, which may be no resource of the program. */
export interface Master<R> extends Placed<R> {
  /** The key of the link. */
  readonly link: string;
  /** The key of the master. */
  readonly master: string;
}

/** A program in a place. */
export interface Maker<R> extends Placed<R> {
  /** The names of its interfaces; undefined if it may make any, null if they are unknown. */
  readonly makes: readonly string[] | null | undefined;
  /** The key of the interface for which it gets an address by DHCP. */
  readonly leased: string | undefined;
}

/** The name of an interface in the arguments of a resource. */
export type Match<R> = Placed<R> & NamedInterface;

/** A value that the program sets for a sysctl key in a place. */
export interface Sysctl<R> {
  readonly resource: R;
  readonly place: string;
  /** With dots as separators; a dot within a component is written as a slash. */
  readonly key: string;
  readonly value: string;
}

/** Returns the VRF of an interface, whose routes are separate from those of other interfaces; undefined for none. */
export function vrfOf<R>({ links }: Pick<Network<R>, "links">, key: string): Link<R> | undefined {
  const master = links.get(links.get(key)?.master ?? "");
  return master?.traits.separates ? master : undefined;
}

/** Builds the network from the facts of a lab. Resources with unknown values are omitted. */
export function networkOf<R>(items: readonly Item<R>[]): Network<R> {
  const unsure = new Set(items.filter((item) => !isKnown(item)).map(({ resource }) => resource));
  const known = items.filter((item): item is KnownItem<R> & Item<R> => isKnown(item) && !unsure.has(item.resource));
  const sorted = <Is extends Fact["is"]>(is: Is) =>
    known.filter((item): item is KnownItem<R, Is> & (typeof known)[number] => item.is === is);

  const links = sorted("link");
  const makers = sorted("program").map(({ resource, namespace: place = "", makes, leased }) => ({
    ...{ resource, place, makes, leased },
  }));
  const addresses = known.flatMap(addressesOf);
  const interfaces = [
    ...links.map(({ namespace: place = "", key }) => ({ place, key })),
    ...addresses.map(({ place, link: key }) => ({ place, key })),
  ];
  const sysctls = sorted("sysctl").map(({ namespace: place = "", ...one }) => ({ ...one, place }));
  return {
    namespaces: new Set(sorted("namespace").map(({ namespace }) => namespace)),
    links: new Map(links.map((link) => [link.key, link])),
    pairs: sorted("pair"),
    addresses,
    routes: known.flatMap(routesOf),
    nextHops: sorted("next hop").map(({ namespace: place = "", ...hop }) => ({
      ...{ ...hop, place, via: host(hop.via ?? "") },
    })),
    references: sorted("reference").map(({ namespace: place = "", ...one }) => ({ ...one, place })),
    sourceNats: sorted("source NAT").map(({ resource, namespace: place = "", sources, outs }) => ({
      ...{ resource, place, sources: sources && netsIn(sources) },
      outs: outs?.flatMap((out) => keysMatching(out, place, interfaces)),
    })),
    destinationNats: sorted("destination NAT").flatMap(({ resource, namespace: place = "", target }) => {
      const to = host(target ?? "");
      return to === undefined ? [] : [{ resource, place, target: to }];
    }),
    natRules: sorted("NAT rule").map(({ resource, namespace: place = "", nat }) => ({ resource, place, nat })),
    filters: sorted("filter").map(({ namespace: place = "", ...filter }) => ({ ...filter, place })),
    masters: links.flatMap(({ resource, namespace: place = "", key: link, master }) =>
      master === undefined ? [] : [{ resource, place, link, master }],
    ),
    placed: known.flatMap(({ resource, is, namespace: place }) =>
      is === "namespace" || place === undefined ? [] : [{ resource, place }],
    ),
    programs: new Set(makers.map(({ place }) => place)),
    makers,
    matches: sorted("interface match").flatMap(({ resource, namespace: place = "", names }) =>
      names.map((one) => ({ resource, place, ...one })),
    ),
    neighbors: sorted("neighbor").map(({ namespace: place = "", ...one }) => ({ ...one, place })),
    named: sorted("host names").flatMap(({ resource, namespace: place = "", named }) =>
      named.map((one) => ({ resource, place, ...one })),
    ),
    sysctls,
    forwards: new Set(sysctls.flatMap(({ place, key, value }) => forwardedBy(place, key, value))),
    incomplete: incompleteFrom(items.filter(({ resource }) => unsure.has(resource))),
    ...routingRulesOf(sorted("routing rule")),
    ...connections(links, sorted("pair")),
  };
}

function addressesOf<R>(item: KnownItem<R>): InterfaceAddress<R>[] {
  if (item.is !== "link" && item.is !== "address") return [];
  const { resource, namespace: place = "" } = item;
  const given = item.is === "link" ? item.addresses.map((address) => ({ address, peer: undefined })) : [item];
  const link = item.is === "link" ? item.key : item.link;
  return given.flatMap(({ address, peer }) => {
    const parsed = net(address);
    return parsed === undefined
      ? []
      : [{ resource, place, link, net: parsed, peer: peer === undefined ? undefined : host(peer) }];
  });
}
