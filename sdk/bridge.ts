import type * as pulumi from "@pulumi/pulumi";
import { type LinkArgs, LinkResource } from "./link-resource.ts";

/** Arguments of a {@link Bridge}. */
export interface BridgeArgs extends LinkArgs {
  /**
   * Whether the bridge runs the spanning tree protocol. Bridges need it only where they form a loop. With it, each new port forwards
   * nothing for twice `forwardDelay`.
   *
   * @default false
   */
  stp?: pulumi.Input<boolean>;
  /**
   * The priority in the spanning tree. The bridge with the lowest priority becomes the root.
   *
   * @default 32768
   */
  priority?: pulumi.Input<number>;
  /**
   * The time that a port spends in the listening state, and again in the learning state, before it forwards, in seconds. With `stp` it
   * must be from 2 to 30.
   *
   * @default 15
   */
  forwardDelay?: pulumi.Input<number>;
  /**
   * The interval between hello packets of the root bridge, in seconds.
   *
   * @default 2
   */
  helloTime?: pulumi.Input<number>;
  /**
   * The time without hello packets after which the root bridge counts as lost, in seconds.
   *
   * @default 20
   */
  maxAge?: pulumi.Input<number>;
  /**
   * The lifetime of a learned MAC address, in seconds. With 0 the bridge forwards each packet to all ports.
   *
   * @default 300
   */
  ageingTime?: pulumi.Input<number>;
  /**
   * Whether the bridge forwards multicast packets only to ports whose hosts have joined the group.
   *
   * @default true
   */
  mcastSnooping?: pulumi.Input<boolean>;
  /**
   * Whether the bridge queries hosts for the multicast groups that they have joined, like a multicast router.
   *
   * @default false
   */
  mcastQuerier?: pulumi.Input<boolean>;
  /**
   * The reserved group addresses whose frames the bridge forwards in place of dropping them: bit N of the mask stands for
   * 01:80:c2:00:00:0N, for example `0x4000` for LLDP. Bits 0 to 2 are not allowed; for LACP and STP, set the `groupFwdMask` of each port.
   * Equivalent to `ip link set br0 type bridge group_fwd_mask 0x4000`.
   *
   * @default 0
   */
  groupFwdMask?: pulumi.Input<number>;
  /**
   * Whether the bridge filters by VLAN, so that VLANs are separate. The kernel must have VLAN filtering built in.
   *
   * @default false
   */
  vlanFiltering?: pulumi.Input<boolean>;
  /**
   * The protocol of the tags of VLANs: `802.1ad` for service tags (QinQ).
   *
   * @default 802.1Q
   */
  vlanProtocol?: pulumi.Input<"802.1Q" | "802.1ad">;
  /**
   * The VLANs of the bridge itself, in which its own addresses and the {@link Vlan} links on it are, in the form of the `vlans` of a
   * port. Removing the argument later keeps them. Equivalent to `bridge vlan add dev br0 vid 10 self` for each.
   *
   * @default `vlanDefaultPvid`, as the pvid and untagged
   */
  vlans?: pulumi.Input<pulumi.Input<number | string>[]>;
  /**
   * The VLAN of untagged packets on a new port; 0 means no VLAN. The kernel must have VLAN filtering built in.
   *
   * @default 1, chosen by the kernel
   */
  vlanDefaultPvid?: pulumi.Input<number>;
}

/**
 * A Linux bridge: a virtual switch. Its ports are the interfaces that name it as their `master`. With an address, it is also an
 * interface of its namespace. Without `mtu`, it has the smallest MTU of its ports.
 *
 * Equivalent to: `ip link add v-net-0 type bridge && ip link set v-net-0 up`
 *
 * @example
 * const lan = new Bridge("v-net-0");
 */
export class Bridge extends LinkResource {
  declare readonly mac: pulumi.Output<string>;
  declare readonly stp: pulumi.Output<boolean>;
  declare readonly priority: pulumi.Output<number>;
  declare readonly forwardDelay: pulumi.Output<number>;
  declare readonly helloTime: pulumi.Output<number>;
  declare readonly maxAge: pulumi.Output<number>;
  declare readonly ageingTime: pulumi.Output<number>;
  declare readonly mcastSnooping: pulumi.Output<boolean>;
  declare readonly mcastQuerier: pulumi.Output<boolean>;
  declare readonly groupFwdMask: pulumi.Output<number>;
  declare readonly vlanFiltering: pulumi.Output<boolean>;
  declare readonly vlanProtocol: pulumi.Output<"802.1Q" | "802.1ad">;
  declare readonly vlans: pulumi.Output<string[] | undefined>;
  declare readonly vlanDefaultPvid: pulumi.Output<number | undefined>;

  constructor(name: string, args: BridgeArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super("Bridge", name, args, opts, { isMaster: true });
  }
}
