import type * as pulumi from "@pulumi/pulumi";
import { type ChildLinkArgs, ChildLinkResource } from "./link-resource.ts";

/** Arguments of a {@link Macvlan}. */
export interface MacvlanArgs extends ChildLinkArgs {
  /**
   * How the link exchanges packets with the other links on its parent: in `bridge` mode directly, in `vepa` mode through an external
   * switch behind the parent, in `private` mode not at all.
   *
   * @default bridge
   */
  mode?: pulumi.Input<"bridge" | "private" | "vepa">;
}

/**
 * A macvlan: a virtual interface on a parent interface. It has its own MAC address and sends its packets through the parent. In mode
 * `bridge` the macvlans of one parent reach each other, but they do not reach the parent itself. The parent must not be a port of a
 * bridge.
 *
 * Equivalent to: `ip link add macvlan0 link eth0 netns red type macvlan mode bridge && ip -n red link set macvlan0 up`
 *
 * @example
 * const web = new Macvlan("macvlan0", { link: "eth0", namespace: red, addresses: ["192.168.1.80/24"] });
 */
export class Macvlan extends ChildLinkResource {
  declare readonly mac: pulumi.Output<string>;
  declare readonly mode: pulumi.Output<"bridge" | "private" | "vepa">;

  constructor(name: string, args: MacvlanArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Macvlan", name, args, opts);
  }
}
