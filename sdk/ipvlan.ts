import type * as pulumi from "@pulumi/pulumi";
import { type ChildLinkArgs, ChildLinkResource } from "./link-resource.ts";

/** Arguments of an {@link Ipvlan}. */
export interface IpvlanArgs extends Omit<ChildLinkArgs, "mac"> {
  /**
   * The layer at which the parent delivers packets: `l2` with broadcasts, `l3` and `l3s` by address only, the latter through netfilter.
   * All ipvlans on one parent have the same mode.
   *
   * @default l3
   */
  mode?: pulumi.Input<"l2" | "l3" | "l3s">;
  /**
   * How the ipvlans of one parent reach each other: `bridge` directly, `vepa` through an external switch, `private` not at all. All
   * ipvlans on one parent have the same flag.
   *
   * @default bridge
   */
  flag?: pulumi.Input<"bridge" | "private" | "vepa">;
}

/**
 * An ipvlan: a virtual interface on a parent interface, with addresses of its own and the parent's MAC address.
 *
 * Equivalent to: `ip link add ipvlan0 link eth0 netns red type ipvlan mode l2 bridge && ip -n red link set ipvlan0 up`
 *
 * @example
 * const web = new Ipvlan("ipvlan0", { link: "eth0", namespace: red, mode: "l2", addresses: ["192.168.1.80/24"] });
 */
export class Ipvlan extends ChildLinkResource {
  declare readonly mode: pulumi.Output<"l2" | "l3" | "l3s">;
  declare readonly flag: pulumi.Output<"bridge" | "private" | "vepa">;

  constructor(name: string, args: IpvlanArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Ipvlan", name, args, opts);
  }
}
