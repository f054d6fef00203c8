import type * as pulumi from "@pulumi/pulumi";
import { type LinkArgs, LinkResource } from "./link-resource.ts";
import type { TunTapArgs } from "./tap.ts";

/** Arguments of a {@link Tun}. */
export interface TunArgs extends Omit<LinkArgs, "mac">, TunTapArgs {}

/**
 * A tun device: an interface whose IP packets a program, such as a VPN, sends and receives through `/dev/net/tun`. It has a carrier while
 * a program has it open. It cannot be a port of a bridge.
 *
 * Equivalent to: `ip tuntap add dev tun0 mode tun user alice && ip link set dev tun0 up`
 *
 * @example
 * const vpn = new Tun("tun0", { namespace: red, user: "alice", addresses: ["10.8.0.1/24"] });
 */
export class Tun extends LinkResource {
  declare readonly user: pulumi.Output<string | number | undefined>;
  declare readonly group: pulumi.Output<string | number | undefined>;
  declare readonly multiQueue: pulumi.Output<boolean>;
  declare readonly vnetHdr: pulumi.Output<boolean>;

  constructor(name: string, args: TunArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super("Tun", name, args, opts);
  }
}
