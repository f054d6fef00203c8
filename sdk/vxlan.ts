import type * as pulumi from "@pulumi/pulumi";
import { type InterfaceRef, interfaceName } from "./interface.ts";
import { type LinkArgs, LinkResource } from "./link-resource.ts";

/** Arguments of a {@link Vxlan}. */
export interface VxlanArgs extends LinkArgs {
  /** The VXLAN network identifier, from 1 to 16777215. Both ends of a tunnel have the same one. */
  vni: pulumi.Input<number>;
  /** The address of the other end. A tunnel has one remote or one multicast group; with neither it sends only to learned ends. */
  remote?: pulumi.Input<string>;
  /** The multicast group of all ends, such as `239.1.1.1`. It needs `dev`. */
  group?: pulumi.Input<string>;
  /** The source address of the tunnel's packets. */
  local?: pulumi.Input<string>;
  /** The interface that the tunnel's packets leave by, in the same namespace. */
  dev?: InterfaceRef;
  /**
   * The UDP port of the tunnel's packets. The default is the assigned one, and not that of `ip`, which is 8472.
   *
   * @default 4789
   */
  dstport?: pulumi.Input<number>;
  /**
   * Whether the tunnel learns behind which end a MAC address is.
   *
   * @default true
   */
  learning?: pulumi.Input<boolean>;
  /**
   * The time for which a learned MAC address is kept, in seconds.
   *
   * @default 300
   */
  ageing?: pulumi.Input<number>;
}

/**
 * One end of a VXLAN tunnel: Ethernet frames in UDP packets, which leave by the namespace's own addresses and routes.
 *
 * Equivalent to: `ip link add vx0 type vxlan id 42 remote 10.0.0.2 dstport 4789 && ip link set vx0 up`
 *
 * @example
 * const overlay = new Vxlan("vx0", { vni: 42, remote: "10.0.0.2", addresses: ["192.168.42.1/24"] });
 */
export class Vxlan extends LinkResource {
  declare readonly vni: pulumi.Output<number>;
  declare readonly remote: pulumi.Output<string | undefined>;
  declare readonly group: pulumi.Output<string | undefined>;
  declare readonly local: pulumi.Output<string | undefined>;
  declare readonly dev: pulumi.Output<string | undefined>;
  declare readonly dstport: pulumi.Output<number>;
  declare readonly learning: pulumi.Output<boolean>;
  declare readonly ageing: pulumi.Output<number>;

  constructor(name: string, { dev, ...args }: VxlanArgs, opts: pulumi.CustomResourceOptions = {}) {
    const own = { ...args, dev: interfaceName(dev) };
    super("Vxlan", name, own, opts, { on: dev, place: args.namespace });
  }
}
