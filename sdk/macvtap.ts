import type * as pulumi from "@pulumi/pulumi";
import { type ChildLinkArgs, ChildLinkResource } from "./link-resource.ts";

/** Arguments of a {@link Macvtap}. */
export interface MacvtapArgs extends ChildLinkArgs {
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
 * A macvtap: a {@link Macvlan} whose frames a program such as QEMU sends and receives through a character device. The device is
 * `/dev/tapN`, where N is the index of the interface.
 *
 * Equivalent to: `ip link add macvtap0 link eth0 netns red type macvtap mode bridge && ip -n red link set macvtap0 up`
 *
 * @example
 * const web = new Macvtap("macvtap0", { link: "eth0", namespace: red, addresses: ["192.168.1.80/24"] });
 */
export class Macvtap extends ChildLinkResource {
  /** The MAC address; undefined with mode `passthru`, in which the link has that of its parent. */
  declare readonly mac: pulumi.Output<string | undefined>;
  declare readonly mode: pulumi.Output<"bridge" | "private" | "vepa" | "passthru">;

  constructor(name: string, args: MacvtapArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Macvtap", name, args, opts);
  }
}
