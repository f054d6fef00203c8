import type * as pulumi from "@pulumi/pulumi";
import { givenArgs } from "./given-args.ts";
import { attachmentWith, type InterfaceRef, interfaceAt, namespaceOn, originOf, placeOn } from "./interface.ts";
import { hostOf, ownsPlace, type Place } from "./place.ts";
import { isGiven } from "./plain-args.ts";
import { type Adoptable, KernelResource } from "./resource.ts";
import { addressesUnder, nexthopsNamed, nexthopTies, recordNexthop } from "./route-dependencies.ts";

/** Arguments of a {@link Nexthop}. */
export interface NexthopArgs extends Adoptable {
  /**
   * The namespace of the next hop.
   *
   * @default the interface's namespace; for a name, or without an interface, the lab host
   */
  namespace?: Place;
  /** The number of the next hop, which routes and groups refer to. It is unique in a namespace. */
  nhid: pulumi.Input<number>;
  /**
   * The family of packets for a next hop without a gateway: `inet` for IPv4, `inet6` for IPv6. Not for a group.
   *
   * @default the family of `via`; without it, `inet`
   */
  family?: pulumi.Input<"inet" | "inet6">;
  /** The gateway. It requires `interface`. */
  via?: pulumi.Input<string>;
  /** The outgoing interface. */
  interface?: InterfaceRef;
  /**
   * Whether the gateway counts as directly reachable through the interface, even if no address covers it.
   *
   * @default false
   */
  onlink?: pulumi.Input<boolean>;
  /**
   * Whether the next hop discards packets, instead of sending them through an interface.
   *
   * @default false
   */
  blackhole?: pulumi.Input<boolean>;
  /** The members of a group, over which the kernel distributes flows, instead of an interface. */
  group?: readonly NexthopMemberArgs[];
}

/** A member of the group of a {@link Nexthop}. */
export interface NexthopMemberArgs {
  /** The number of the next hop. */
  nhid?: pulumi.Input<number>;
  /**
   * The next hop, instead of `nhid`.
   *
   * @default none
   * @shorthand nhid
   */
  nexthop?: Nexthop;
  /**
   * The weight: the kernel distributes flows over the members in proportion to their weights, from 1 to 256.
   *
   * @default 1
   */
  weight?: pulumi.Input<number>;
}

/**
 * A next hop object, which routes share by its number. A change of its gateway or of a group's members changes all of its routes at
 * once. The kernel deletes a next hop, and all routes that use it, when its interface loses the carrier or goes down. After that,
 * `pulumi up --refresh` creates them again. A {@link Route} with `nexthops` of its own keeps the other next hops.
 *
 * Equivalent to: `ip -n red nexthop add id 10 via 10.0.0.2 dev eth0`
 *
 * @example
 * const left = new Nexthop("left", { namespace: red, nhid: 10, via: "10.0.1.2", interface: "eth1" });
 * const right = new Nexthop("right", { namespace: red, nhid: 11, via: "10.0.2.2", interface: "eth2" });
 * const both = new Nexthop("both", { namespace: red, nhid: 20, group: [{ nexthop: left }, { nexthop: right }] });
 * new Route("out", { namespace: red, destination: "10.7.0.0/16", nexthop: both });
 */
export class Nexthop extends KernelResource {
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly nhid: pulumi.Output<number>;
  declare readonly family: pulumi.Output<"inet" | "inet6" | undefined>;
  declare readonly via: pulumi.Output<string | undefined>;
  declare readonly interface: pulumi.Output<string | undefined>;
  declare readonly onlink: pulumi.Output<boolean>;
  declare readonly blackhole: pulumi.Output<boolean>;
  declare readonly group: pulumi.Output<{ nhid: number; weight: number }[] | undefined>;
  /** The protocol of an equal next hop that was put in the place of this one by hand, if a refresh has found it; the next `up` restores it. */
  declare readonly protocol: pulumi.Output<string | undefined>;

  constructor(name: string, given: NexthopArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { interface: link, namespace, group, adopt, ...args } = givenArgs("Nexthop", name, given);
    const place = placeOn(link, namespace);
    const origin = originOf(link, place);
    const under = addressesUnder({ link, place, via: args.via });
    const members = Array.isArray(group)
      ? group.filter(isGiven).flatMap((member: NexthopMemberArgs) => nexthopsNamed(place, member))
      : [];
    const inputs = {
      ...{ ...args, interface: interfaceAt(link, place), namespace: namespaceOn(link, namespace) },
      group: Array.isArray(group)
        ? group.map((member: NexthopMemberArgs) => (isGiven(member) ? memberOf(member) : member))
        : group,
    };
    super("Nexthop", name, inputs, opts, {
      host: hostOf(place),
      dependsOn: origin === undefined ? [] : [origin.resource],
      // With a next hop, the kernel also removes it from its groups.
      replacedWith: [...new Set([...under, ...members].map(({ resource }) => resource))],
      attachedTo: origin === undefined ? [] : [attachmentWith(origin, [args.via], "object", "routes")],
      follows: nexthopTies(members),
      ownsPlace: ownsPlace(place),
      adopt,
    });
    recordNexthop({ resource: this, place, nhid: args.nhid });
  }
}

const memberOf = ({ nexthop, ...member }: NexthopMemberArgs) => ({
  ...member,
  ...(nexthop !== undefined && { nhid: nexthop.nhid }),
});
