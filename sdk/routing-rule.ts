import type * as pulumi from "@pulumi/pulumi";
import { givenArgs } from "./given-args.ts";
import { type InterfaceRef, interfaceAt, namespaceOn, placeOn } from "./interface.ts";
import { hostOf, ownsPlace, type Place } from "./place.ts";
import { type Adoptable, KernelResource } from "./resource.ts";
import type { Vrf } from "./vrf.ts";

/** Arguments of a {@link RoutingRule}. */
export interface RoutingRuleArgs extends Adoptable {
  /**
   * The namespace of the rule.
   *
   * @default the lab host
   */
  namespace?: Place;
  /**
   * The family of the packets: `inet` for IPv4, `inet6` for IPv6. Packets of both need a rule for each.
   *
   * @default the family of `from` or `to`; without these, `inet`
   */
  family?: pulumi.Input<"inet" | "inet6">;
  /** The priority, from 1 to 32765. Rules with lower priority apply first; the table `main` is looked up at 32766. */
  priority: pulumi.Input<number>;
  /**
   * Whether the rule applies to all packets except the matching ones.
   *
   * @default false
   */
  not?: pulumi.Input<boolean>;
  /** The source of matching packets: a network such as `192.168.15.0/24`, or one address. */
  from?: pulumi.Input<string>;
  /** The destination of matching packets: a network, or one address. */
  to?: pulumi.Input<string>;
  /** The incoming interface of matching packets; `lo` for packets that the place itself sends. */
  iif?: InterfaceRef;
  /** The interface to which the socket of matching packets is bound. */
  oif?: InterfaceRef;
  /** The mark of matching packets, such as one that a FilterChain `prerouting` has set. */
  fwmark?: pulumi.Input<number>;
  /**
   * The bits of the mark that are compared.
   *
   * @default all
   */
  fwmask?: pulumi.Input<number>;
  /** The protocol of matching packets. With a port it must be `tcp`, `udp` or `sctp`. */
  ipproto?: pulumi.Input<"icmp" | "igmp" | "tcp" | "udp" | "gre" | "esp" | "ah" | "icmpv6" | "ospf" | "vrrp" | "sctp">;
  /** The source port of matching packets, or a range such as `"8000-8099"`. */
  sport?: pulumi.Input<number | string>;
  /** The destination port of matching packets, or a range. */
  dport?: pulumi.Input<number | string>;
  /** The id, or range of ids, of the users whose processes send matching packets, such as `"1000-1999"`. */
  uidrange?: pulumi.Input<string>;
  /**
   * The type of the rule. `unicast` looks up a table. The other types discard packets: `blackhole` silently, `unreachable` and
   * `prohibit` with an ICMP error to the sender.
   *
   * @default unicast
   */
  type?: pulumi.Input<"unicast" | "blackhole" | "unreachable" | "prohibit">;
  /**
   * The number of the routing table to look up. Required for `unicast`, not allowed for other types.
   *
   * @default the table of `vrf`
   */
  table?: pulumi.Input<number>;
  /**
   * The VRF whose table is looked up, instead of `table`.
   *
   * @default none
   * @shorthand table
   */
  vrf?: Vrf;
  /** Ignores routes of the table with this prefix length or a shorter one: 0 ignores its default route. */
  suppressPrefixlength?: pulumi.Input<number>;
}

/**
 * A rule of policy routing: it selects the routing table for packets by their source, mark, interface and other properties. The
 * kernel cannot change a rule; a change adds the new rule before it deletes the old one, so no packet meets neither.
 *
 * Equivalent to: `ip -n red rule add priority 100 from 192.168.15.0/24 lookup 100`
 *
 * @example
 * new RoutingRule("by-source", { namespace: red, priority: 100, from: "192.168.15.0/24", table: 100 });
 * const tenant = new Vrf("tenant", { namespace: red, table: 10 });
 * new RoutingRule("by-mark", { namespace: red, priority: 200, fwmark: 7, vrf: tenant });
 */
export class RoutingRule extends KernelResource {
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly family: pulumi.Output<"inet" | "inet6">;
  declare readonly priority: pulumi.Output<number>;
  declare readonly not: pulumi.Output<boolean>;
  declare readonly from: pulumi.Output<string | undefined>;
  declare readonly to: pulumi.Output<string | undefined>;
  declare readonly iif: pulumi.Output<string | undefined>;
  declare readonly oif: pulumi.Output<string | undefined>;
  declare readonly fwmark: pulumi.Output<number | undefined>;
  declare readonly fwmask: pulumi.Output<number | undefined>;
  declare readonly ipproto: pulumi.Output<
    "icmp" | "igmp" | "tcp" | "udp" | "gre" | "esp" | "ah" | "icmpv6" | "ospf" | "vrrp" | "sctp" | undefined
  >;
  declare readonly sport: pulumi.Output<number | string | undefined>;
  declare readonly dport: pulumi.Output<number | string | undefined>;
  declare readonly uidrange: pulumi.Output<string | undefined>;
  declare readonly type: pulumi.Output<"unicast" | "blackhole" | "unreachable" | "prohibit">;
  declare readonly table: pulumi.Output<number | undefined>;
  declare readonly suppressPrefixlength: pulumi.Output<number | undefined>;

  constructor(name: string, given: RoutingRuleArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { namespace, vrf, adopt, ...args } = givenArgs("RoutingRule", name, given);
    const place = placeOn(vrf, namespace);
    const inputs = {
      ...args,
      ...{
        namespace: namespaceOn(vrf, namespace),
        iif: interfaceAt(args.iif, place),
        oif: interfaceAt(args.oif, place),
      },
      ...(vrf !== undefined && { table: vrf.table }),
    };
    super("RoutingRule", name, inputs, opts, { host: hostOf(place), ownsPlace: ownsPlace(place), adopt });
  }
}
