import type * as pulumi from "@pulumi/pulumi";
import { type LinkArgs, LinkResource } from "./link-resource.ts";

/** Arguments of a {@link Vrf}. */
export interface VrfArgs extends LinkArgs {
  /** The routing table of the VRF, from 1 to 4294967294, and not one of 253 to 255. Each VRF of a namespace has its own. */
  table: pulumi.Input<number>;
}

/**
 * A VRF (virtual routing and forwarding): a routing table of its own for the interfaces whose `master` it is. Two tenants of one router
 * can use the same addresses. A {@link Route} enters the table by its argument `vrf`.
 *
 * When an interface joins or leaves a VRF, the kernel takes it down and up, so its IPv6 addresses and routes are created again.
 *
 * Equivalent to: `ip link add tenant-a type vrf table 10 && ip link set tenant-a up`
 *
 * @example
 * const tenant = new Vrf("tenant-a", { table: 10, namespace: red });
 * new Veth("cable", { a: { name: "eth1", namespace: red, master: tenant }, b: { name: "eth0", namespace: blue } });
 * new Route("out", { vrf: tenant, destination: "default", via: "10.0.0.1" });
 */
export class Vrf extends LinkResource {
  declare readonly mac: pulumi.Output<string>;
  declare readonly table: pulumi.Output<number>;

  constructor(name: string, args: VrfArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Vrf", name, args, opts, { isMaster: true, cyclesMembers: true });
  }
}
