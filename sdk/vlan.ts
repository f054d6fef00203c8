import type * as pulumi from "@pulumi/pulumi";
import { type ChildLinkArgs, ChildLinkResource } from "./link-resource.ts";

/** Arguments of a {@link Vlan}. */
export interface VlanArgs extends ChildLinkArgs {
  /** The ID of the VLAN, from 1 to 4094. */
  vid: pulumi.Input<number>;
  /**
   * The protocol of the tag: `802.1ad` for a service tag (QinQ).
   *
   * @default 802.1Q
   */
  protocol?: pulumi.Input<"802.1Q" | "802.1ad">;
  /**
   * Whether a received frame is shown without its tag.
   *
   * @default true
   */
  reorderHdr?: pulumi.Input<boolean>;
  /**
   * Whether the VLAN is registered with the switch by GVRP.
   *
   * @default false
   */
  gvrp?: pulumi.Input<boolean>;
  /**
   * Whether the VLAN is registered with the switch by MVRP.
   *
   * @default false
   */
  mvrp?: pulumi.Input<boolean>;
  /**
   * Whether the interface stays up when its parent goes down.
   *
   * @default false
   */
  looseBinding?: pulumi.Input<boolean>;
  /**
   * Whether the interface, on a bridge, has a carrier only while a port of its VLAN has one.
   *
   * @default false
   */
  bridgeBinding?: pulumi.Input<boolean>;
  /**
   * The priorities of packets by the priorities of received frames (0 to 7), for example `{ 5: 2 }`.
   *
   * @default {}
   */
  ingressQosMap?: pulumi.Input<Record<string, pulumi.Input<number>>>;
  /**
   * The priorities of frames (0 to 7) by the priorities of sent packets, for example `{ 2: 5 }`.
   *
   * @default {}
   */
  egressQosMap?: pulumi.Input<Record<string, pulumi.Input<number>>>;
}

/**
 * A VLAN of a parent interface: frames with its tag come in by it, and leave the parent with it. The parent may be in another namespace.
 *
 * Equivalent to: `ip link add eth0.10 link eth0 type vlan id 10 && ip link set eth0.10 up`
 *
 * @example
 * const office = new Vlan("eth0.10", { link: wire.a, vid: 10, addresses: ["192.168.10.1/24"] });
 */
export class Vlan extends ChildLinkResource {
  declare readonly mac: pulumi.Output<string>;
  declare readonly vid: pulumi.Output<number>;
  declare readonly protocol: pulumi.Output<"802.1Q" | "802.1ad">;
  declare readonly reorderHdr: pulumi.Output<boolean>;
  declare readonly gvrp: pulumi.Output<boolean>;
  declare readonly mvrp: pulumi.Output<boolean>;
  declare readonly looseBinding: pulumi.Output<boolean>;
  declare readonly bridgeBinding: pulumi.Output<boolean>;
  declare readonly ingressQosMap: pulumi.Output<Record<string, number>>;
  declare readonly egressQosMap: pulumi.Output<Record<string, number>>;

  constructor(name: string, args: VlanArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Vlan", name, args, opts);
  }
}
