import type * as pulumi from "@pulumi/pulumi";
import { type LinkArgs, LinkResource } from "./link-resource.ts";

/** Arguments of an {@link Ifb}. */
export type IfbArgs = LinkArgs;

/**
 * An intermediate functional block: an interface to which received packets are redirected, so that a queueing discipline can
 * treat them. It must be up, or the kernel drops what is redirected to it.
 *
 * Equivalent to: `ip link add ifb-red type ifb && ip link set ifb-red up`
 *
 * @example
 * const shaper = new Ifb("ifb-red", { namespace: red });
 */
export class Ifb extends LinkResource {
  constructor(name: string, args: IfbArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super("Ifb", name, args, opts);
  }
}
