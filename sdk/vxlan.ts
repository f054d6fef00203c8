import type * as pulumi from "@pulumi/pulumi";
import { givenArgs } from "./given-args.ts";
import { type InterfaceRef, interfaceName } from "./interface.ts";
import { type LinkArgs, LinkResource } from "./link-resource.ts";
import { type Place, underlayPlace } from "./place.ts";
import { underlayName } from "./underlay.ts";

/** Arguments of a {@link Vxlan}. */
export interface VxlanArgs extends LinkArgs {
  /**
   * The VXLAN network identifier (VNI), from 1 to 16777215. It must be the same at all ends of a tunnel. It is required unless `external`
   * is true.
   *
   * @default none
   */
  vni?: pulumi.Input<number>;
  /**
   * Whether the VXLAN carries the frames of many identifiers (collect metadata, a "single VXLAN device"): each frame has one of its own,
   * from the map of the bridge port (`port: { vlanTunnel: true, vlans: ["10 tunnel_info id 1010"] }`) or from a route. The remote ends are
   * {@link FdbEntry} resources with `srcVni`. It shares its `dstport` with no other VXLAN; with `vnifilter`, it shares it with others of
   * its kind. Equivalent to `ip link add vx0 type vxlan external dstport 4789`.
   *
   * @default false
   */
  external?: pulumi.Input<boolean>;
  /**
   * Whether the VXLAN carries only the frames of the identifiers in `vnis`. It requires `external`. Equivalent to
   * `ip link add vx0 type vxlan external vnifilter dstport 4789`.
   *
   * @default false
   */
  vnifilter?: pulumi.Input<boolean>;
  /**
   * The identifiers of a VXLAN with `vnifilter`, and no others: numbers and ranges, each with an optional remote end or multicast group, for
   * example `[10, "100-200", "300 remote 10.0.0.2", "400 group 239.1.1.1"]`. Without one, that is the `remote` or `group` of the VXLAN.
   * Equivalent to `bridge vni add dev vx0 vni 100-200` for each.
   *
   * @default none
   */
  vnis?: pulumi.Input<pulumi.Input<number | string>[]>;
  /**
   * The address of the remote end. A tunnel has a `remote`, a `group` or `flood`; without any, it sends only to learned addresses. With
   * `external`, it requires `vnifilter`.
   */
  remote?: pulumi.Input<string>;
  /** The multicast group of all ends, for example `239.1.1.1`. It requires `dev`. */
  group?: pulumi.Input<string>;
  /** The source address of the tunnel's UDP packets. */
  local?: pulumi.Input<string>;
  /** The outgoing interface of the tunnel's UDP packets, in the namespace of the `underlay`. */
  dev?: InterfaceRef;
  /**
   * The namespace whose addresses and routes carry the tunnel's packets, or `/` for the lab host. The kernel deletes the tunnel with it.
   * Equivalent to `ip -n core link add vx0 netns red type vxlan …`.
   *
   * @default the namespace of the interface
   */
  underlay?: Place;
  /**
   * The destination UDP port. The default is the port assigned by IANA; the default of `ip` is 8472.
   *
   * @default 4789
   */
  dstport?: pulumi.Input<number>;
  /**
   * Whether the tunnel learns the remote end of each MAC address from received packets. The default of `ip` with `external` is false.
   *
   * @default true
   */
  learning?: pulumi.Input<boolean>;
  /**
   * The lifetime of a learned MAC address, in seconds.
   *
   * @default 300
   */
  ageing?: pulumi.Input<number>;
  /**
   * The addresses of all remote ends: broadcasts and frames to unknown MAC addresses are sent to each of them. It takes the place of
   * `remote` and `group`, and is not for `external`. IPv6 addresses require `local`. Equivalent to
   * `bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.2` for each.
   *
   * @default none
   */
  flood?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The TTL of the tunnel's packets: a number from 1 to 255, `auto` for the default of the namespace (1 for multicast), or `inherit` for
   * the TTL of the inner packet.
   *
   * @default auto
   */
  ttl?: pulumi.Input<number | "auto" | "inherit">;
  /**
   * The traffic class (TOS) of the tunnel's packets: a number from 0 to 255, or `inherit` for that of the inner packet.
   *
   * @default 0
   */
  tos?: pulumi.Input<number | "inherit">;
  /**
   * The flag "don't fragment" of the tunnel's packets.
   *
   * @default unset
   */
  df?: pulumi.Input<"unset" | "set" | "inherit">;
  /** The range of source UDP ports, for example `40000-50000`. The kernel derives the port from the inner packet. */
  srcport?: pulumi.Input<number | string>;
  /**
   * Whether the tunnel's packets over IPv4 have a UDP checksum.
   *
   * @default true
   */
  udpcsum?: pulumi.Input<boolean>;
  /**
   * Whether the tunnel answers ARP requests and neighbour solicitations from the neighbour table of the link.
   *
   * @default false
   */
  proxy?: pulumi.Input<boolean>;
  /**
   * Whether the tunnel sends packets for a router directly to the end behind which their destination is (route short circuit).
   *
   * @default false
   */
  rsc?: pulumi.Input<boolean>;
  /**
   * Whether the kernel sends a netlink message for a destination MAC address that is not in the tunnel's database.
   *
   * @default false
   */
  l2miss?: pulumi.Input<boolean>;
  /**
   * Whether the kernel sends a netlink message for a destination IP address that is not in the neighbour table.
   *
   * @default false
   */
  l3miss?: pulumi.Input<boolean>;
}

/**
 * One end of a VXLAN tunnel, which carries Ethernet frames in UDP packets. The addresses and routes of the namespace carry these
 * packets, or those of another one, its `underlay`.
 *
 * Equivalent to: `ip link add vx0 type vxlan id 42 remote 10.0.0.2 dstport 4789 && ip link set vx0 up`
 *
 * @example
 * const overlay = new Vxlan("vx0", { vni: 42, remote: "10.0.0.2", addresses: ["192.168.42.1/24"] });
 */
export class Vxlan extends LinkResource {
  declare readonly mac: pulumi.Output<string>;
  declare readonly vni: pulumi.Output<number | undefined>;
  declare readonly external: pulumi.Output<boolean>;
  declare readonly vnifilter: pulumi.Output<boolean>;
  declare readonly vnis: pulumi.Output<string[] | undefined>;
  declare readonly remote: pulumi.Output<string | undefined>;
  declare readonly group: pulumi.Output<string | undefined>;
  declare readonly local: pulumi.Output<string | undefined>;
  declare readonly dev: pulumi.Output<string | undefined>;
  declare readonly underlay: pulumi.Output<string | undefined>;
  declare readonly dstport: pulumi.Output<number>;
  declare readonly learning: pulumi.Output<boolean>;
  declare readonly ageing: pulumi.Output<number>;
  declare readonly flood: pulumi.Output<string[] | undefined>;
  declare readonly ttl: pulumi.Output<number | "auto" | "inherit">;
  declare readonly tos: pulumi.Output<number | "inherit">;
  declare readonly df: pulumi.Output<"unset" | "set" | "inherit">;
  declare readonly srcport: pulumi.Output<number | string | undefined>;
  declare readonly udpcsum: pulumi.Output<boolean>;
  declare readonly proxy: pulumi.Output<boolean>;
  declare readonly rsc: pulumi.Output<boolean>;
  declare readonly l2miss: pulumi.Output<boolean>;
  declare readonly l3miss: pulumi.Output<boolean>;

  constructor(name: string, given: VxlanArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { dev, underlay, ...args } = givenArgs("Vxlan", name, given);
    const own = { ...args, dev: interfaceName(dev), underlay: underlayName(underlay, args.namespace) };
    super("Vxlan", name, own, opts, { on: dev, place: underlayPlace(underlay, args.namespace) });
  }
}
