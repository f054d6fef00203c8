import type * as pulumi from "@pulumi/pulumi";
import { type LinkArgs, LinkResource } from "./link-resource.ts";

/** Arguments that a {@link Tap} and a {@link Tun} share. */
export interface TunTapArgs {
  /**
   * The user that may open the device, by name or number. Root may always open it. The permissions of `/dev/net/tun` apply as well.
   *
   * @default every user that may open `/dev/net/tun`
   */
  user?: pulumi.Input<string | number>;
  /**
   * The group whose members may open the device, by name or number.
   *
   * @default none
   */
  group?: pulumi.Input<string | number>;
  /**
   * Whether a program can open several queues of the device. It must then open the device with the flag `IFF_MULTI_QUEUE`.
   *
   * @default false
   */
  multiQueue?: pulumi.Input<boolean>;
  /**
   * Whether each packet has a virtio header, with which a virtual machine leaves checksums and segmentation to the host. A program that
   * opens the device decides this anew, which is not drift.
   *
   * @default false
   */
  vnetHdr?: pulumi.Input<boolean>;
}

/** Arguments of a {@link Tap}. */
export interface TapArgs extends LinkArgs, TunTapArgs {}

/**
 * A tap device: an interface whose Ethernet frames a program, such as QEMU, sends and receives through `/dev/net/tun`. It has a carrier
 * while a program has it open. The program must run in the namespace of the device when it opens it.
 *
 * Equivalent to: `ip tuntap add dev tap0 mode tap user alice && ip link set dev tap0 up`
 *
 * @example
 * const guest = new Tap("tap0", { user: "alice", master: lan });
 */
export class Tap extends LinkResource {
  declare readonly mac: pulumi.Output<string>;
  declare readonly user: pulumi.Output<string | number | undefined>;
  declare readonly group: pulumi.Output<string | number | undefined>;
  declare readonly multiQueue: pulumi.Output<boolean>;
  declare readonly vnetHdr: pulumi.Output<boolean>;

  constructor(name: string, args: TapArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super("Tap", name, args, opts);
  }
}
