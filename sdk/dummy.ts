import type * as pulumi from "@pulumi/pulumi";
import { type LinkArgs, LinkResource } from "./link-resource.ts";

/** Arguments of a {@link Dummy}. */
export type DummyArgs = LinkArgs;

/**
 * A dummy interface. It is up without a peer and drops all packets that leave through it. It carries addresses that do not depend on
 * any cable: the loopback address of a router, or the address of a service.
 *
 * Equivalent to: `ip -n red link add loopback1 type dummy && ip -n red link set loopback1 up`
 *
 * @example
 * const loopback = new Dummy("loopback1", { namespace: red, addresses: ["10.255.0.1/32"] });
 */
export class Dummy extends LinkResource {
  declare readonly mac: pulumi.Output<string>;

  constructor(name: string, args: DummyArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super("Dummy", name, args, opts);
  }
}
