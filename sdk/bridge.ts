import type * as pulumi from "@pulumi/pulumi";
import { type LinkArgs, LinkResource } from "./link-resource.ts";

/** Arguments of a {@link Bridge}. */
export interface BridgeArgs extends LinkArgs {
  /**
   * Whether the bridge speaks the spanning tree protocol. It needs that only where bridges form a ring. Each new port is then
   * silent for twice `forwardDelay`.
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
   * How long a port listens, and then learns, before it forwards, in seconds: 2 to 30 with `stp`.
   *
   * @default 15
   */
  forwardDelay?: pulumi.Input<number>;
  /**
   * The time between two hello packets of the root, in seconds.
   *
   * @default 2
   */
  helloTime?: pulumi.Input<number>;
  /**
   * The time after which a root that has sent no hello packet is given up, in seconds.
   *
   * @default 20
   */
  maxAge?: pulumi.Input<number>;
  /**
   * The time for which a learned MAC address is kept, in seconds. With 0 the bridge forwards each packet to all ports.
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
   * Whether the bridge asks the hosts which multicast groups they have joined, as a multicast router would.
   *
   * @default false
   */
  mcastQuerier?: pulumi.Input<boolean>;
  /**
   * Whether the bridge keeps VLANs apart. The kernel must have been built for it.
   *
   * @default false
   */
  vlanFiltering?: pulumi.Input<boolean>;
  /**
   * The VLAN of the untagged packets of a new port; 0 is none. The kernel must have been built for VLAN filtering.
   *
   * @default 1, as the kernel chooses
   */
  vlanDefaultPvid?: pulumi.Input<number>;
}

/**
 * A bridge: a switch whose ports are the interfaces that name it as their `master`. With an address of its own it is also
 * an interface of the place that it is in. Without `mtu` it has the smallest MTU of its ports.
 *
 * Equivalent to: `ip link add v-net-0 type bridge && ip link set v-net-0 up`
 *
 * @example
 * const lan = new Bridge("v-net-0");
 */
export class Bridge extends LinkResource {
  declare readonly stp: pulumi.Output<boolean>;
  declare readonly priority: pulumi.Output<number>;
  declare readonly forwardDelay: pulumi.Output<number>;
  declare readonly helloTime: pulumi.Output<number>;
  declare readonly maxAge: pulumi.Output<number>;
  declare readonly ageingTime: pulumi.Output<number>;
  declare readonly mcastSnooping: pulumi.Output<boolean>;
  declare readonly mcastQuerier: pulumi.Output<boolean>;
  declare readonly vlanFiltering: pulumi.Output<boolean>;
  declare readonly vlanDefaultPvid: pulumi.Output<number | undefined>;

  constructor(name: string, args: BridgeArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super("Bridge", name, args, opts);
  }
}
