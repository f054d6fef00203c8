import type * as pulumi from "@pulumi/pulumi";
import type { LinkNetemArgs, PacketNetemArgs } from "../netem.ts";
import type { BridgeRef } from "./bridged.ts";
import type { Host } from "./host.ts";
import type { LabHost } from "./lab-host.ts";
import type { LabNode } from "./node.ts";
import type { Router } from "./router.ts";
import type { Trunk } from "./trunk.ts";

/** The hosts of a {@link Lan}. Where the names are not constant, the types do not know which hosts there are; another name is an error. */
export type HostsByName<Name extends string> = string extends Name
  ? Record<string, Host | undefined>
  : Record<Name, Host>;

/** Arguments of a {@link Lan}. */
export interface LanArgs<Name extends string = string> {
  /** The networks of the LAN, usually one for each family: `["192.168.15.0/24", "fd00:15::/64"]`. */
  networks: readonly string[];
  /**
   * The gateway addresses of the hosts' default routes. With an empty list, the hosts get no default route.
   *
   * @default the first address of each network
   */
  gateways?: readonly string[];
  /**
   * The router that has the gateway addresses. In a network without a gateway address, it gets an address like a host.
   *
   * @default none: the bridge, and so the lab host, has the gateway addresses; across lab hosts, the bridge of the first one
   */
  router?: Router;
  /**
   * The trunk by which the `router` is connected: it gets an interface in the VLAN on it, in place of a cable of its own.
   *
   * @default none
   */
  trunk?: Trunk;
  /**
   * The ID of the VLAN of the LAN, from 1 to 4094. The hosts send and receive frames without tags. The tag separates the LAN from other ones
   * on the same bridge, and on each {@link Trunk} to another one. Without `bridge`, the bridge of the LAN has VLAN filtering, and no other
   * VLAN.
   *
   * @default none
   */
  vlan?: number;
  /**
   * The bridge that the LAN uses, or another LAN that has it. For a LAN with a `vlan` it is one with `vlanFiltering`. The gateway addresses
   * are then on a {@link Vlan} of the bridge, which must have the VLAN in its own `vlans`; without a `vlan`, they are those of a `router`.
   *
   * @default a bridge that the LAN creates on the lab host
   */
  bridge?: BridgeRef;
  /**
   * The lab hosts that the LAN spans: a bridge on each, joined by VXLAN. All nodes of the LAN are on one of them. A lab host that is added or
   * removed at the end of the list leaves the bridges and hosts on the others in place.
   *
   * @default the lab host of the `bridge` or of the `router`; without them this machine, or the lab host in the configuration `pulumi-netns:host`
   */
  spans?: readonly LabHost[];
  /**
   * The VXLAN identifier of a LAN across lab hosts, from 1 to 16777215. On one lab host, it has no effect.
   *
   * @default derived from the names of the stack and the LAN
   */
  vni?: number;
  /**
   * Whether a LAN across lab hosts is encrypted between them: WireGuard carries its packets. On one lab host, it has no effect.
   *
   * @default false
   */
  secure?: boolean;
  /**
   * The hosts to create: names, or names with addresses without prefix lengths. In each network in which a host is given no address,
   * it gets one that is derived from its name.
   *
   * @default none
   */
  hosts?: readonly (Name | LanHost<Name>)[];
  /**
   * The existing hosts and routers to connect, each with addresses and an interface name of its own, or without. In a network in which
   * none is given, a node gets an address like one of the `hosts`. `lan.join` does the same later.
   *
   * @default none
   */
  members?: readonly (LabNode | LanMember)[];
  /**
   * The MTU of the bridge and of all veth pairs of the LAN, in bytes.
   *
   * @default 1500, chosen by the kernel; across lab hosts, the smallest `mtu` of the {@link LabHost}s less the headers of VXLAN, usually 1450,
   *   or 1390 with `secure`
   */
  mtu?: pulumi.Input<number>;
  /**
   * Delay, jitter, loss and rate of every cable between a host and the bridge, for each of its two directions. A ping between two hosts
   * crosses two cables, and so takes the delay four times.
   *
   * @default none
   */
  netem?: LinkNetemArgs;
  /**
   * Settings for the packets that one of the `hosts` sends to another, in place of those of its cable. A pair is one direction: replies
   * take the settings of the pair in the other direction, or of the cable.
   *
   * @default none
   */
  pairs?: readonly LanPair<Name>[];
}

/** Settings for the packets that one host of a {@link Lan} sends to another. */
export interface LanPair<Name extends string = string> {
  /** The name of the host that sends the packets. */
  from: Name;
  /** The name of the host to whose addresses the packets go. */
  to: Name;
  /** The delay, jitter, loss and rate of these packets. */
  netem: PacketNetemArgs;
}

/** A host of a {@link Lan} with given addresses, a given interface name, or a cable of its own kind. */
export interface LanHost<Name extends string = string> extends LanAddresses {
  /** The name of the host. */
  name: Name;
  /**
   * The lab host of the host, one of those that the LAN spans.
   *
   * @default the first one
   */
  host?: LabHost;
}

/** An existing host or router that is connected to a {@link Lan} with given addresses or a given interface name. */
export interface LanMember extends LanAddresses {
  /** The node to connect: a {@link Host} or a {@link Router}. */
  node: LabNode;
  /**
   * The trunk by which the node is connected: it gets an interface in the LAN's VLAN on it, in place of a cable of its own.
   *
   * @default none
   */
  trunk?: Trunk;
}

/** The given addresses, the given interface name and the cable of a host of a {@link Lan}. */
export interface LanAddresses {
  /**
   * The addresses, without prefix lengths.
   *
   * @default one in each network, derived from the host's name
   */
  addresses?: readonly string[];
  /**
   * The name of the interface in the host's namespace, for example `eth0`.
   *
   * @default the name of the LAN
   */
  interface?: string;
  /**
   * The bridge to which the host is connected, or another LAN that has it, where trunks connect several bridges.
   *
   * @default the LAN's
   */
  bridge?: BridgeRef;
  /**
   * Delay, jitter, loss and rate of the host's cable, for each of its two directions.
   *
   * @default the LAN's
   */
  netem?: LinkNetemArgs;
  /**
   * Whether the node gets its IPv4 address and default route from a DHCP server on the LAN, such as a {@link Process} that runs dnsmasq. The
   * LAN then gives it no IPv4 address, and creates a Process that runs the DHCP client `udhcpc`, which must be installed on the lab host.
   * The address is not in the state: `pulumi-netns status`, `ping` and `graph --live` show it. A default route that the program declares
   * has priority over that of the lease. The client ignores the name servers of the lease: declare them with {@link Hosts}.
   *
   * @default false
   */
  dhcp?: boolean;
}

/** Arguments that may be given as undefined. */
export type Unfilled<Args> = { readonly [Name in keyof Args]: Args[Name] | undefined };

/** Outputs of a {@link Lan}. */
export interface LanOutputs {
  /** The name of the bridge. */
  bridge: string;
  /** The addresses of the gateway, without prefix lengths. */
  gateways: string[];
  /** The names of the namespaces of the hosts that the LAN creates, by the names of the hosts. */
  namespaces: Record<string, string>;
  /** The first addresses of the hosts that the LAN creates, without prefix lengths, by the names of the hosts. */
  addresses: Record<string, string>;
}
