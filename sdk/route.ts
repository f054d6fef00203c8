import * as pulumi from "@pulumi/pulumi";
import {
  type InterfaceRef,
  interfaceName,
  isIpv6,
  linkOf,
  namespaceOn,
  type Origin,
  originOf,
  placeOn,
} from "./interface.ts";
import { isAtHome, type Place } from "./place.ts";
import { type Adoptable, KernelResource } from "./resource.ts";
import { addressesOfSource, addressesUnder, noteRoute, routesTo } from "./route-dependencies.ts";

/** Arguments of a {@link Route}. */
export interface RouteArgs extends Adoptable {
  /**
   * The namespace that the route is in.
   *
   * @default where the interface is; for a name, or without one, the lab host
   */
  namespace?: Place;
  /** Where the route leads: a network as `192.168.1.0/24` or `fd00:1::/64`, or `default` for everywhere. */
  destination: pulumi.Input<string>;
  /** The gateway: an address in a network that the namespace has an address in. Only for `unicast`. */
  via?: pulumi.Input<string>;
  /** The interface that packets leave by. With `via` it may be left out, and the kernel finds it. Only for `unicast`. */
  interface?: InterfaceRef;
  /** The address that packets from here are given as their source. */
  source?: pulumi.Input<string>;
  /**
   * Whether the gateway is taken to be on the interface's link, also where no address or route leads to it. It needs
   * `interface` and `via`. As with `ip route add default via 172.31.1.1 dev eth0 onlink`.
   *
   * @default false
   */
  onlink?: pulumi.Input<boolean>;
  /** The largest packet that is sent this way, in bytes. */
  mtu?: pulumi.Input<number>;
  /**
   * `unicast` leads on. The others lead nowhere: `blackhole` says nothing, `unreachable` and `prohibit` tell the sender.
   *
   * @default unicast
   */
  type?: pulumi.Input<"unicast" | "blackhole" | "unreachable" | "prohibit">;
  /**
   * Among routes to one destination the lowest metric wins.
   *
   * @default what the kernel gives: 0 in IPv4, 1024 in IPv6
   */
  metric?: pulumi.Input<number>;
  /**
   * The number of the routing table.
   *
   * @default 254, the table `main`
   */
  table?: pulumi.Input<number>;
}

/**
 * A route. The addresses that it rests on, the address that is its `source` and the routes that lead to its gateway come
 * first, if they are declared before it, and the route is made again with them.
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
  declare readonly source: pulumi.Output<string | undefined>;
  declare readonly onlink: pulumi.Output<boolean>;
  declare readonly mtu: pulumi.Output<number | undefined>;
  declare readonly type: pulumi.Output<"unicast" | "blackhole" | "unreachable" | "prohibit">;
  declare readonly metric: pulumi.Output<number>;
  declare readonly table: pulumi.Output<number>;

  constructor(
    name: string,
    { interface: link, namespace, adopt, ...args }: RouteArgs,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    const { destination, via, source } = args;
    const place = placeOn(link, namespace);
    const under = addressesUnder({ link, place, via });
    const links = [link, ...under.map((address) => address.link)].flatMap((ref) => originOf(ref, place) ?? []);
    const rests = [...under, ...addressesOfSource(place, source), ...routesTo(place, via)];
    const inputs = { ...args, interface: interfaceName(link), namespace: namespaceOn(link, namespace) };
    super("Route", name, inputs, opts, {
      after: links.map((origin) => origin.resource),
      restsOn: [...new Set(rests.map(({ resource }) => resource))],
      on: [...new Set(links)].map((origin) => linkUnder(origin, [destination, via, source])),
      atHome: isAtHome(place),
      adopt,
    });
    noteRoute({ resource: this, place, destination });
  }
}

/** The link under a route: the route also goes when the link goes down, and an IPv6 route when the link loses its IPv6. */
const linkUnder = (origin: Origin, addresses: readonly (pulumi.Input<string> | undefined)[]): pulumi.Output<string> =>
  pulumi
    .all(addresses.map((address) => address ?? ""))
    .apply((texts) =>
      texts.some(isIpv6) ? linkOf(origin, "object", "routes", "ipv6") : linkOf(origin, "object", "routes"),
    );
