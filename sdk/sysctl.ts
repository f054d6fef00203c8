import type * as pulumi from "@pulumi/pulumi";
import { endOf, type Place, placeName } from "./place.ts";
import { KernelResource } from "./resource.ts";

/** Arguments of a {@link Sysctl}. */
export interface SysctlArgs {
  /**
   * The key, below `net`: the part that each namespace has for itself. A dot inside a name is written as a slash, as in
   * `net.ipv4.conf.eth0/1.forwarding`.
   */
  key: pulumi.Input<string>;
  /** The value, as `sysctl` prints it. Several words are separated by one space. */
  value: pulumi.Input<string>;
  /**
   * The namespace whose setting it is.
   *
   * @default the lab host
   */
  namespace?: Place;
}

/**
 * A setting of the kernel's network stack. The value from before comes back when the resource goes.
 *
 * Equivalent to: `sysctl -w net.ipv4.ip_forward=1`
 *
 * @example
 * new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: "1" });
 */
export class Sysctl extends KernelResource {
  declare readonly key: pulumi.Output<string>;
  declare readonly value: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  /** The value from before, which comes back in the end. */
  declare readonly previous: pulumi.Output<string>;

  constructor(name: string, { key, value, namespace }: SysctlArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs = { key, value, namespace: placeName(namespace), previous: undefined };
    super("Sysctl", name, inputs, opts, { deletedWith: endOf(namespace) });
  }
}
