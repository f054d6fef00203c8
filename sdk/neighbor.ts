import type * as pulumi from "@pulumi/pulumi";
import { givenArgs } from "./given-args.ts";
import { attachmentWith, type InterfaceRef, interfaceAt, namespaceOn, originOf, placeOn } from "./interface.ts";
import { hostOf, type Place } from "./place.ts";
import { type Adoptable, KernelResource } from "./resource.ts";
import { addressesUnder } from "./route-dependencies.ts";

/** Arguments of a {@link Neighbor}. */
export interface NeighborArgs extends Adoptable {
  /** The interface that reaches the neighbour, or the name of one. */
  interface: InterfaceRef;
  /**
   * The namespace of the interface. It is needed only for an interface that is given by its name.
   *
   * @default the interface's namespace; for a name, the lab host
   */
  namespace?: Place;
  /** The IPv4 or IPv6 address of the neighbour, for example `192.168.15.9`. */
  address: pulumi.Input<string>;
  /** The MAC address of the neighbour. Required, except with `proxy`. */
  lladdr?: pulumi.Input<string>;
  /**
   * Whether the neighbour is a router.
   *
   * @default false
   */
  router?: pulumi.Input<boolean>;
  /**
   * Whether the interface answers for the address itself, with its own MAC address (proxy ARP or proxy NDP), so that `lladdr` is
   * omitted. Equivalent to `ip neigh add proxy 192.168.15.9 dev veth-red`.
   *
   * @default false
   */
  proxy?: pulumi.Input<boolean>;
}

/**
 * A permanent entry in the neighbour table (ARP, NDP) of an interface: the MAC address of an address, which the kernel then does not
 * ask for. The kernel deletes the entry when the interface goes down or gets another MAC address; the entry is created again then.
 *
 * Equivalent to: `ip -n red neigh add 192.168.15.9 lladdr 02:00:00:00:00:09 dev veth-red nud permanent`
 *
 * @example
 * new Neighbor("printer", { interface: wire.a, address: "192.168.15.9", lladdr: "02:00:00:00:00:09" });
 */
export class Neighbor extends KernelResource {
  declare readonly interface: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly address: pulumi.Output<string>;
  declare readonly lladdr: pulumi.Output<string | undefined>;
  declare readonly router: pulumi.Output<boolean>;
  declare readonly proxy: pulumi.Output<boolean>;
  /** The protocol of an equal entry that was put in the place of this one by hand, if a refresh has found it; the next `up` restores it. */
  declare readonly protocol: pulumi.Output<string | undefined>;

  constructor(name: string, given: NeighborArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { interface: link, namespace, adopt, ...args } = givenArgs("Neighbor", name, given);
    const place = placeOn(link, namespace);
    const origin = originOf(link, place);
    const inputs = { ...args, interface: interfaceAt(link, place), namespace: namespaceOn(link, namespace) };
    // With the last address of a family, the kernel deletes the neighbours of the interface.
    const under = addressesUnder({ link, place, via: args.address });
    super("Neighbor", name, inputs, opts, {
      host: hostOf(place),
      dependsOn: origin === undefined ? [] : [origin.resource],
      replacedWith: [...new Set(under.map(({ resource }) => resource))],
      attachedTo: origin === undefined ? [] : [attachmentWith(origin, [args.address], "object", "neighbors")],
      adopt,
    });
  }
}
