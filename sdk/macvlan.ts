import type * as pulumi from "@pulumi/pulumi";
import { type ChildLinkArgs, ChildLinkResource } from "./link-resource.ts";

/** Arguments of a {@link Macvlan}. */
export interface MacvlanArgs extends ChildLinkArgs {
  /**
   * What the link exchanges with the other children of its parent. In `bridge` mode, packets go from one to the other directly; in
   * `vepa` mode, by way of a switch behind the parent; in `private` mode, none do.
   *
   * @default bridge
   */
  mode?: pulumi.Input<"bridge" | "private" | "vepa">;
}

/**
 * An interface of its own on another one, its parent: it has a MAC address of its own, and its packets leave by the parent. In mode
 * `bridge` the children of a parent reach one another; the parent itself is not reached by its children. The parent cannot be a
 * port of a bridge.
 *
 * Equivalent to: `ip link add macvlan0 link eth0 netns red type macvlan mode bridge && ip -n red link set macvlan0 up`
 *
 * @example
 * const web = new Macvlan("macvlan0", { link: "eth0", namespace: red, addresses: ["192.168.1.80/24"] });
 */
export class Macvlan extends ChildLinkResource {
  declare readonly mode: pulumi.Output<"bridge" | "private" | "vepa">;

  constructor(name: string, args: MacvlanArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Macvlan", name, args, opts);
  }
}
