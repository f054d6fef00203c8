import type * as pulumi from "@pulumi/pulumi";
import { type LinkArgs, LinkResource } from "./link-resource.ts";
import type { Place } from "./place.ts";

/** Arguments of a {@link Nic}. */
export interface NicArgs extends Omit<LinkArgs, "adopt"> {
  /** The name of the interface on the lab host. */
  from: pulumi.Input<string>;
  /** The namespace to which the interface is moved. */
  namespace: Place;
  /**
   * The MAC address while the interface is in the namespace. Removing the argument later keeps the current address.
   *
   * @default that of the interface
   */
  mac?: pulumi.Input<string>;
  /**
   * The MTU while the interface is in the namespace, in bytes. Removing the argument later keeps the current MTU.
   *
   * @default that of the interface
   */
  mtu?: pulumi.Input<number>;
  /**
   * Whether to move an interface that the lab host uses: one that has addresses or a default route of the lab host, or belongs to a bridge
   * or a bond. The lab host may lose its network connection.
   *
   * @default false
   */
  takeInUse?: pulumi.Input<boolean>;
}

/**
 * A physical interface of the lab host that is moved to a namespace, where it has a name, addresses and other settings of its own. A delete
 * moves it back and restores its former name, MAC address, MTU, permanent addresses and default routes. The interface itself is neither
 * created nor deleted.
 *
 * Equivalent to: `ip link set dev enp3s0 netns red name uplink && ip -n red link set dev uplink up`
 *
 * @example
 * const uplink = new Nic("uplink", { from: "enp3s0", namespace: red, addresses: ["192.168.1.80/24"] });
 */
export class Nic extends LinkResource {
  declare readonly namespace: pulumi.Output<string>;
  declare readonly mac: pulumi.Output<string | undefined>;
  declare readonly from: pulumi.Output<string>;
  declare readonly takeInUse: pulumi.Output<boolean>;

  constructor(name: string, args: NicArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Nic", name, args, opts);
  }
}
