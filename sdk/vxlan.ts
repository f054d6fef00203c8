import type * as pulumi from "@pulumi/pulumi";
import { type InterfaceRef, interfaceName } from "./interface.ts";
import { type LinkArgs, LinkResource } from "./link-resource.ts";

/** Arguments of a {@link Vxlan}. */
export interface VxlanArgs extends LinkArgs {
  /** The VXLAN network identifier (VNI), from 1 to 16777215. It must be the same at all ends of a tunnel. */
  vni: pulumi.Input<number>;
  /** The address of the remote end. A tunnel has a `remote` or a `group`; with neither, it sends only to learned addresses. */
  remote?: pulumi.Input<string>;
  /** The multicast group of all ends, for example `239.1.1.1`. It requires `dev`. */
  group?: pulumi.Input<string>;
  /** The source address of the tunnel's UDP packets. */
  local?: pulumi.Input<string>;
  /** The outgoing interface of the tunnel's UDP packets, in the same namespace. */
  dev?: InterfaceRef;
  /**
   * The destination UDP port. The default is the port assigned by IANA; the default of `ip` is 8472.
   *
   * @default 4789
   */
  dstport?: pulumi.Input<number>;
  /**
   * Whether the tunnel learns the remote end of each MAC address from received packets.
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
}

/**
 * One end of a VXLAN tunnel, which carries Ethernet frames in UDP packets. The namespace's own addresses and routes carry these
 * packets.
 *
 * Equivalent to: `ip link add vx0 type vxlan id 42 remote 10.0.0.2 dstport 4789 && ip link set vx0 up`
 *
 * @example
 * const overlay = new Vxlan("vx0", { vni: 42, remote: "10.0.0.2", addresses: ["192.168.42.1/24"] });
 */
export class Vxlan extends LinkResource {
  declare readonly mac: pulumi.Output<string>;
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
