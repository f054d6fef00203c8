import type * as pulumi from "@pulumi/pulumi";
import { givenArgs } from "./given-args.ts";
import { type InterfaceRef, interfaceName } from "./interface.ts";
import { type LinkArgs, LinkResource } from "./link-resource.ts";
import type { Place } from "./place.ts";
import { underlayName } from "./underlay.ts";

/** The modes of a tunnel, as `ip link add … type` names them. */
type TunnelMode = "gre" | "gretap" | "ipip" | "sit" | "ip6gre" | "ip6gretap" | "ip6tnl";

/** Arguments of a {@link Tunnel}. */
export interface TunnelArgs extends LinkArgs {
  /**
   * The encapsulation: `gre` and `ip6gre` carry packets of any protocol, `gretap` and `ip6gretap` Ethernet frames, `ipip` IPv4, `sit`
   * IPv6, and `ip6tnl` either. The modes that begin with `ip6` run over IPv6, the others over IPv4.
   */
  mode: pulumi.Input<TunnelMode>;
  /**
   * The MAC address, for the modes `gretap` and `ip6gretap`.
   *
   * @default derived from the stack, the namespace and the name
   */
  mac?: pulumi.Input<string>;
  /** The address of this end, of the family that carries the tunnel. */
  local: pulumi.Input<string>;
  /** The address of the other end. */
  remote: pulumi.Input<string>;
  /**
   * The interface that the tunnel's packets leave through.
   *
   * @default chosen by the routes of the underlay
   */
  dev?: InterfaceRef;
  /**
   * The namespace whose addresses and routes carry the tunnel's packets, or `/` for the lab host. Equivalent to
   * `ip -n core link add gre1 type gre … && ip -n core link set gre1 netns red`. The kernel deletes the tunnel with this namespace.
   *
   * @default the namespace of the link
   */
  underlay?: Place;
  /**
   * The TTL of the tunnel's packets, or their hop limit; `inherit` for that of the packet inside. The default of `ip`, `inherit`, would drop
   * packets with a TTL of 1, such as those of OSPF.
   *
   * @default 64
   */
  ttl?: pulumi.Input<number | "inherit">;
  /**
   * The traffic class of the tunnel's packets: a number from 0 to 255, or `inherit` for that of the packet inside. Equivalent to
   * `ip link set gre1 type gre tos inherit`, or with a mode that runs over IPv6 `tclass inherit`.
   *
   * @default 0
   */
  tos?: pulumi.Input<number | "inherit">;
  /**
   * Whether the tunnel's packets may not be fragmented, so that the sender finds the MTU of the path, for the modes over IPv4. Equivalent
   * to `ip link set gre1 type gre nopmtudisc` for `false`.
   *
   * @default true
   */
  pmtudisc?: pulumi.Input<boolean>;
  /**
   * The number of further tunnels that may encapsulate a packet, for the modes over IPv6; it takes 8 bytes of each packet. The default of
   * `ip` is 4. Equivalent to `ip link set tun1 type ip6tnl encaplimit 4`.
   *
   * @default none
   */
  encaplimit?: pulumi.Input<number | "none">;
  /**
   * The key of both directions, for the modes with GRE. Tunnels between the same two addresses differ in their keys.
   *
   * @default none
   */
  key?: pulumi.Input<number>;
  /**
   * The key of received packets, if that of sent ones is another. Equivalent to `ip link add gre1 type gre … ikey 7 okey 8`.
   *
   * @default key
   */
  ikey?: pulumi.Input<number>;
  /**
   * The key of sent packets, if that of received ones is another.
   *
   * @default key
   */
  okey?: pulumi.Input<number>;
  /**
   * Whether packets have a checksum, for the modes with GRE.
   *
   * @default false
   */
  csum?: pulumi.Input<boolean>;
  /**
   * Whether packets are numbered, for the modes with GRE.
   *
   * @default false
   */
  seq?: pulumi.Input<boolean>;
}

/**
 * One end of a tunnel between two addresses. The addresses and routes of its namespace carry its packets, or those of the namespace
 * `underlay`.
 *
 * Equivalent to: `ip link add gre1 type gre local 10.0.0.1 remote 10.0.0.2 ttl 64 && ip link set gre1 up`
 *
 * @example
 * const wan = new Tunnel("gre1", { mode: "gre", local: "10.0.0.1", remote: "10.0.0.2", addresses: ["10.255.0.1/30"] });
 */
export class Tunnel extends LinkResource {
  declare readonly mac: pulumi.Output<string | undefined>;
  declare readonly mode: pulumi.Output<TunnelMode>;
  declare readonly local: pulumi.Output<string>;
  declare readonly remote: pulumi.Output<string>;
  declare readonly dev: pulumi.Output<string | undefined>;
  declare readonly underlay: pulumi.Output<string | undefined>;
  declare readonly ttl: pulumi.Output<number | "inherit">;
  declare readonly tos: pulumi.Output<number | "inherit">;
  declare readonly pmtudisc: pulumi.Output<boolean>;
  declare readonly encaplimit: pulumi.Output<number | "none">;
  declare readonly key: pulumi.Output<number | undefined>;
  declare readonly ikey: pulumi.Output<number | undefined>;
  declare readonly okey: pulumi.Output<number | undefined>;
  declare readonly csum: pulumi.Output<boolean>;
  declare readonly seq: pulumi.Output<boolean>;

  constructor(name: string, given: TunnelArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { dev, underlay, ...args } = givenArgs("Tunnel", name, given);
    const own = { ...args, dev: interfaceName(dev), underlay: underlayName(underlay, args.namespace) };
    super("Tunnel", name, own, opts);
  }
}
