import type * as pulumi from "@pulumi/pulumi";
import { type ChildLinkArgs, ChildLinkResource } from "./link-resource.ts";

/** Arguments of a {@link Macvtap}. */
export interface MacvtapArgs extends ChildLinkArgs {
  /**
   * What the link exchanges with the other children of its parent. In `bridge` mode, packets go from one to the other directly; in
   * `vepa` mode, by way of a switch behind the parent; in `private` mode, none do.
   *
   * @default bridge
   */
  mode?: pulumi.Input<"bridge" | "private" | "vepa">;
}

/**
 * A tap on another interface, its parent: like a {@link Macvlan}, but a program such as QEMU sends and receives its frames through
 * the character device `/dev/tap` with the number of the interface behind it.
 *
 * Equivalent to: `ip link add macvtap0 link eth0 netns red type macvtap mode bridge && ip -n red link set macvtap0 up`
 *
 * @example
 * const web = new Macvtap("macvtap0", { link: "eth0", namespace: red, addresses: ["192.168.1.80/24"] });
 */
export class Macvtap extends ChildLinkResource {
  declare readonly mode: pulumi.Output<"bridge" | "private" | "vepa">;

  constructor(name: string, args: MacvtapArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Macvtap", name, args, opts);
  }
}
