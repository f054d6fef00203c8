import type * as pulumi from "@pulumi/pulumi";
import { givenArgs } from "./given-args.ts";
import { type LinkArgs, LinkResource } from "./link-resource.ts";
import type { Place } from "./place.ts";
import { underlayName } from "./underlay.ts";

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
   * The TTL of the tunnel's packets, or `inherit` for that of the packet inside.
   *
   * @default 0, the default of the namespace
   */
  ttl?: pulumi.Input<number | "inherit">;
  /**
   * The traffic class (TOS) of the tunnel's packets: a number from 0 to 255, or `inherit` for that of the packet inside. Equivalent to
   * `ip link set gnv0 type geneve id 42 tos inherit`.
   *
   * @default 0
   */
  tos?: pulumi.Input<number | "inherit">;
  /**
   * Whether the tunnel's packets may not be fragmented: `set`, `unset`, or `inherit` from the packets inside.
   *
   * @default unset
   */
  df?: pulumi.Input<"unset" | "set" | "inherit">;
  /**
   * The namespace whose addresses and routes carry the tunnel's packets, or `/` for the lab host. Equivalent to
   * `ip -n core link add gnv0 netns red type geneve …`. The kernel deletes the tunnel with this namespace, and does not show it.
   *
   * @default the namespace of the link
   */
  underlay?: Place;
}

/**
 * One end of a Geneve tunnel, which carries Ethernet frames in UDP packets. The addresses and routes of its namespace carry these packets,
 * or those of the namespace `underlay`.
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
  declare readonly ttl: pulumi.Output<number | "inherit">;
  declare readonly tos: pulumi.Output<number | "inherit">;
  declare readonly df: pulumi.Output<"unset" | "set" | "inherit">;
  declare readonly underlay: pulumi.Output<string | undefined>;

  constructor(name: string, given: GeneveArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { underlay, ...args } = givenArgs("Geneve", name, given);
    const own = { ...args, underlay: underlayName(underlay, args.namespace) };
    super("Geneve", name, own, opts);
  }
}
