import * as pulumi from "@pulumi/pulumi";
import { givenArgs } from "./given-args.ts";
import { attachmentWith, type InterfaceRef, interfaceAt, namespaceOn, originOf, placeOn } from "./interface.ts";
import type { Nexthop } from "./nexthop.ts";
import { hostOf, ownsPlace, type Place } from "./place.ts";
import { isGiven } from "./plain-args.ts";
import { type Adoptable, KernelResource } from "./resource.ts";
import {
  addressesBefore,
  addressesOfSource,
  addressesUnder,
  nexthopsNamed,
  nexthopTies,
  recordRoute,
  routesTo,
} from "./route-dependencies.ts";
import type { Vrf } from "./vrf.ts";

/** One of the next hops of a multipath {@link Route}. */
export interface NextHopArgs {
  /** The gateway: an address in a network in which the namespace has an address. */
  via?: pulumi.Input<string>;
  /** The outgoing interface. With `via` it is optional, because the kernel derives it. */
  interface?: InterfaceRef;
  /**
   * The weight: the kernel distributes flows over the next hops in proportion to their weights, from 1 to 256.
   *
   * @default 1
   */
  weight?: pulumi.Input<number>;
  /**
   * Whether the gateway counts as directly reachable through the interface. It requires `interface` and `via`.
   *
   * @default false
   */
  onlink?: pulumi.Input<boolean>;
}

/** A next hop of a {@link Route} in its normal form. */
export interface NextHop {
  via?: string | undefined;
  interface?: string | undefined;
  weight: number;
  onlink: boolean;
}

/** Arguments of a {@link Route}. */
export interface RouteArgs extends Adoptable {
  /**
   * The namespace of the route.
   *
   * @default the interface's namespace; for a name, or without an interface, the lab host
   */
  namespace?: Place;
  /** The destination: a network such as `192.168.1.0/24` or `fd00:1::/64`, or `default` for a default route. */
  destination: pulumi.Input<string>;
  /**
   * The gateway: an address in a network in which the namespace has an address. A route to an IPv4 network may have a gateway with an
   * IPv6 address. Only for `unicast`.
   */
  via?: pulumi.Input<string>;
  /** The outgoing interface. With `via` it is optional, because the kernel derives it. Only for `unicast`. */
  interface?: InterfaceRef;
  /**
   * The next hops of a multipath route, at least two, in the place of `via` and `interface`. The kernel distributes flows over those
   * whose links are up. Only for `unicast`.
   */
  nexthops?: readonly NextHopArgs[];
  /**
   * The number of the next hop object that the route uses, in the place of `via`, `interface` and `nexthops`. An IPv6 default route
   * through it has the destination `::/0`.
   */
  nhid?: pulumi.Input<number>;
  /**
   * The next hop object that the route uses, instead of `nhid`.
   *
   * @default none
   * @shorthand nhid
   */
  nexthop?: Nexthop;
  /** The preferred source address of packets that the namespace itself sends over the route. */
  source?: pulumi.Input<string>;
  /**
   * Whether the gateway counts as directly reachable through the interface, even if no address or route covers it. It requires
   * `interface` and `via`. Equivalent to `ip route add default via 172.31.1.1 dev eth0 onlink`.
   *
   * @default false
   */
  onlink?: pulumi.Input<boolean>;
  /** The MTU of the route, in bytes. */
  mtu?: pulumi.Input<number>;
  /**
   * The type of the route. `unicast` forwards packets. The other types discard them: `blackhole` silently, `unreachable` and
   * `prohibit` with an ICMP error to the sender.
   *
   * @default unicast
   */
  type?: pulumi.Input<"unicast" | "blackhole" | "unreachable" | "prohibit">;
  /**
   * The metric. Of several routes to one destination, the kernel uses the one with the lowest metric.
   *
   * @default chosen by the kernel: 0 in IPv4, 1024 in IPv6
   */
  metric?: pulumi.Input<number>;
  /**
   * The number of the routing table.
   *
   * @default the table of `vrf`; without it 254, the table `main`
   */
  table?: pulumi.Input<number>;
  /**
   * The VRF whose table the route is in, instead of `table`.
   *
   * @default none
   * @shorthand table
   */
  vrf?: Vrf;
}

/**
 * A route in a routing table of a namespace. It depends on the addresses and routes through which its gateway is reached and on the
 * address that is its `source`, if they are declared before it: they are created first, and replacing them replaces the route.
 *
 * Equivalent to: `ip -n red route add default via 192.168.15.5`
 *
 * @example
 * new Route("red-default", { namespace: red, destination: "default", via: "192.168.15.5" });
 */
export class Route extends KernelResource {
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly destination: pulumi.Output<string>;
  declare readonly via: pulumi.Output<string | undefined>;
  declare readonly interface: pulumi.Output<string | undefined>;
  declare readonly nexthops: pulumi.Output<NextHop[] | undefined>;
  declare readonly nhid: pulumi.Output<number | undefined>;
  declare readonly source: pulumi.Output<string | undefined>;
  declare readonly onlink: pulumi.Output<boolean>;
  declare readonly mtu: pulumi.Output<number | undefined>;
  declare readonly type: pulumi.Output<"unicast" | "blackhole" | "unreachable" | "prohibit">;
  declare readonly metric: pulumi.Output<number>;
  /** The protocol of an equal route that was put in the place of this one by hand, if a refresh has found it; the next `up` restores it. */
  declare readonly protocol: pulumi.Output<string | undefined>;
  declare readonly table: pulumi.Output<number>;

  constructor(name: string, given: RouteArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { interface: link, namespace, nexthops, nexthop, vrf, adopt, ...args } = givenArgs("Route", name, given);
    const { destination, via, source } = args;
    const hops: readonly NextHopArgs[] = Array.isArray(nexthops)
      ? nexthops.filter(isGiven)
      : [{ ...(link !== undefined && { interface: link }), ...(via !== undefined && { via }) }];
    const refs = hops.map((hop) => hop.interface);
    const [first] = refs;
    const place = placeOn(first ?? vrf, namespace);
    const under = hops.flatMap((hop) => addressesUnder({ link: hop.interface, place, via: hop.via }));
    const before = hops.flatMap((hop) => addressesBefore({ link: hop.interface, place, via: hop.via }));
    const links = [...refs, vrf, ...under.map((address) => address.link)].flatMap((ref) => originOf(ref, place) ?? []);
    // With a next hop object, the kernel deletes the routes that use it.
    const used = nexthopsNamed(place, { nexthop, nhid: args.nhid });
    const rests = [
      ...[...under, ...used, ...addressesOfSource(place, source)],
      ...hops.flatMap((hop) => routesTo(place, hop.via)),
    ];
    const named = Array.isArray(nexthops)
      ? nexthops.map((hop: NextHopArgs) =>
          isGiven(hop) ? { ...hop, interface: interfaceAt(hop.interface, place) } : hop,
        )
      : nexthops;
    const inputs = {
      ...{ ...args, interface: interfaceAt(link, place), nexthops: named },
      namespace: namespaceOn(first ?? vrf, namespace),
      ...(vrf !== undefined && { table: vrf.table }),
      ...(nexthop !== undefined && { nhid: nexthop.nhid }),
    };
    super("Route", name, inputs, opts, {
      host: hostOf(place),
      dependsOn: [...new Set([...links, ...before].map((origin) => origin.resource))],
      replacedWith: [...new Set(rests.map(({ resource }) => resource))],
      // The kernel also deletes a route when the link goes down.
      attachedTo: [...new Set(links)].map((origin) =>
        attachmentWith(origin, [destination, ...hops.map((hop) => hop.via), source], "object", "routes"),
      ),
      follows: nexthopTies(used),
      ownsPlace: ownsPlace(place),
      adopt,
    });
    const isOnLink = args.nhid === undefined && nexthop === undefined && hops.every((hop) => hop.via === undefined);
    recordRoute({ resource: this, place, destination, isOnLink });
  }
}
