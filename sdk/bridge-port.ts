import type * as pulumi from "@pulumi/pulumi";

/** Settings of an interface as a port of a {@link Bridge}. */
export interface BridgePortArgs {
  /**
   * Whether the port exchanges no frames with the other isolated ports of the bridge, only with the rest.
   *
   * @default false
   */
  isolated?: pulumi.Input<boolean>;
  /**
   * Whether the bridge sends a frame back through the port that it came in by.
   *
   * @default false
   */
  hairpin?: pulumi.Input<boolean>;
  /**
   * Whether the bridge learns the source addresses of the frames that arrive through the port.
   *
   * @default true
   */
  learning?: pulumi.Input<boolean>;
  /**
   * Whether the bridge sends frames to unknown unicast addresses through the port.
   *
   * @default true
   */
  flood?: pulumi.Input<boolean>;
  /**
   * Whether the bridge sends multicast frames without a known listener through the port.
   *
   * @default true
   */
  mcastFlood?: pulumi.Input<boolean>;
  /**
   * Whether the bridge sends broadcast frames, such as ARP requests, through the port.
   *
   * @default true
   */
  bcastFlood?: pulumi.Input<boolean>;
  /**
   * Whether the bridge answers ARP requests and neighbour solicitations from its own table in place of forwarding them to the port.
   *
   * @default false
   */
  neighSuppress?: pulumi.Input<boolean>;
  /**
   * Whether the port refuses messages of the spanning tree protocol (BPDU guard).
   *
   * @default false
   */
  guard?: pulumi.Input<boolean>;
  /**
   * Whether the port is barred from becoming the root port of the spanning tree.
   *
   * @default false
   */
  rootBlock?: pulumi.Input<boolean>;
  /**
   * Whether the port accepts frames only from source addresses that the bridge already has behind it.
   *
   * @default false
   */
  locked?: pulumi.Input<boolean>;
  /**
   * Whether the port maps VLANs to identifiers of a tunnel, in both directions, as `vlans` says: for a {@link Vxlan} with `external`.
   * Equivalent to `bridge link set dev vx0 vlan_tunnel on`.
   *
   * @default false
   */
  vlanTunnel?: pulumi.Input<boolean>;
  /**
   * The reserved group addresses whose frames the bridge forwards if they come in by the port: bit N of the mask stands for
   * 01:80:c2:00:00:0N, for example `4` for LACP and `0x4000` for LLDP. Bit 1 (flow control) is not allowed. A bond of mode `802.3ad` whose
   * members are connected by bridges requires `4` on each port. Equivalent to
   * `ip link set veth-red-br type bridge_slave group_fwd_mask 4`.
   *
   * @default 0
   */
  groupFwdMask?: pulumi.Input<number>;
  /**
   * The cost of the path through the port in the spanning tree, from 1 to 65535.
   *
   * @default chosen by the kernel
   */
  cost?: pulumi.Input<number>;
  /**
   * The priority of the port in the spanning tree, from 0 to 63.
   *
   * @default chosen by the kernel
   */
  priority?: pulumi.Input<number>;
  /**
   * The VLANs of the port, and no others, on a bridge with `vlanFiltering`: IDs and ranges, with the flags `pvid` (for frames that come in
   * without a tag) and `untagged` (for frames that leave without one), for example `["10 pvid untagged"]` for an access port and
   * `[10, "20-29"]` for a trunk. With `vlanTunnel`, each may have an identifier of the tunnel, a range as many of them:
   * `["10 tunnel_info id 1010", "20-29 tunnel_info id 1020-1029"]`. Removing the argument later keeps them. Equivalent to
   * `bridge vlan add dev veth-red-br vid 10 pvid untagged` for each, and `bridge vlan add dev vx0 vid 10 tunnel_info id 1010`.
   *
   * @default the bridge's `vlanDefaultPvid`, as the pvid and untagged
   */
  vlans?: pulumi.Input<pulumi.Input<number | string>[]>;
}

/** The settings of an interface as a port of a {@link Bridge}, with their defaults. */
export interface PortSettings {
  isolated: boolean;
  hairpin: boolean;
  learning: boolean;
  flood: boolean;
  mcastFlood: boolean;
  bcastFlood: boolean;
  neighSuppress: boolean;
  guard: boolean;
  rootBlock: boolean;
  locked: boolean;
  vlanTunnel: boolean;
  groupFwdMask: number;
  cost?: number | undefined;
  priority?: number | undefined;
  vlans?: string[] | undefined;
}
