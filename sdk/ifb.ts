import type * as pulumi from "@pulumi/pulumi";
import { type LinkArgs, LinkResource } from "./link-resource.ts";

/** Arguments of an {@link Ifb}. */
export type IfbArgs = LinkArgs;

/**
 * An intermediate functional block (IFB): a virtual interface to which received packets are redirected, so that a queueing
 * discipline can shape them. It must be up: otherwise the kernel drops the redirected packets.
 *
 * Equivalent to: `ip link add ifb-red type ifb && ip link set ifb-red up`
 *
 * @example
 * const shaper = new Ifb("ifb-red", { namespace: red });
 */
export class Ifb extends LinkResource {
  declare readonly mac: pulumi.Output<string>;

  constructor(name: string, args: IfbArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super("Ifb", name, args, opts);
  }
}
