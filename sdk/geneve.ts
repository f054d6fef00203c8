import type * as pulumi from "@pulumi/pulumi";
import { type LinkArgs, LinkResource } from "./link-resource.ts";

/** Arguments of a {@link Geneve}. */
export interface GeneveArgs extends LinkArgs {
  /** The virtual network identifier (VNI), from 0 to 16777215. It is the same at both ends. */
  vni: pulumi.Input<number>;
  /** The address of the other end. */
  remote: pulumi.Input<string>;
  /**
   * The destination UDP port.
   *
   * @default 6081
   */
  dstport?: pulumi.Input<number>;
  /**
   * The TTL of the tunnel's packets.
   *
   * @default 0, the default of the namespace
   */
  ttl?: pulumi.Input<number>;
  /**
   * Whether the tunnel's packets may not be fragmented: `set`, `unset`, or `inherit` from the packets inside.
   *
   * @default unset
   */
  df?: pulumi.Input<"unset" | "set" | "inherit">;
}

/**
 * One end of a Geneve tunnel, which carries Ethernet frames in UDP packets. The namespace's own addresses and routes carry these
 * packets.
 *
 * Equivalent to: `ip link add gnv0 type geneve id 42 remote 10.0.0.2 && ip link set gnv0 up`
 *
 * @example
 * const overlay = new Geneve("gnv0", { vni: 42, remote: "10.0.0.2", addresses: ["192.168.42.1/24"] });
 */
export class Geneve extends LinkResource {
  declare readonly mac: pulumi.Output<string>;
  declare readonly vni: pulumi.Output<number>;
  declare readonly remote: pulumi.Output<string>;
  declare readonly dstport: pulumi.Output<number>;
  declare readonly ttl: pulumi.Output<number>;
  declare readonly df: pulumi.Output<"unset" | "set" | "inherit">;

  constructor(name: string, args: GeneveArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Geneve", name, args, opts);
  }
}
