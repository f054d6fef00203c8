import type * as pulumi from "@pulumi/pulumi";
import { type ChildLinkArgs, ChildLinkResource } from "./link-resource.ts";

/** Arguments of a {@link Macvlan}. */
export interface MacvlanArgs extends ChildLinkArgs {
  /**
   * How the link exchanges packets with the other links on its parent: in `bridge` mode directly, in `vepa` mode through an external
   * switch behind the parent, in `private` mode not at all. In `passthru` mode the link is the only one on its parent, has its MAC address,
   * and receives all its frames, for example for a bridge or a virtual machine behind it.
   *
   * @default bridge
   */
  mode?: pulumi.Input<"bridge" | "private" | "vepa" | "passthru">;
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
  /** The MAC address; undefined with mode `passthru`, in which the link has that of its parent. */
  declare readonly mac: pulumi.Output<string | undefined>;
  declare readonly mode: pulumi.Output<"bridge" | "private" | "vepa" | "passthru">;

  constructor(name: string, args: MacvlanArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Macvlan", name, args, opts);
  }
}
