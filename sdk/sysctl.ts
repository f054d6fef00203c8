import type * as pulumi from "@pulumi/pulumi";
import { interfaceIn, normalizeSysctlKey } from "../provider/sysctl-key.ts";
import { type InterfaceRef, interfaceName, linkOf, namespaceOn, originOf, placeOn } from "./interface.ts";
import type { Place } from "./place.ts";
import { KernelResource } from "./resource.ts";
import { noteSysctl, wholeSettings } from "./sysctl-dependencies.ts";

/** Arguments of a {@link Sysctl}. */
export interface SysctlArgs {
  /**
   * The key, below `net`: the part that each namespace has for itself. A dot inside a name is written as a slash, as in
   * `net.ipv4.conf.eth0/1.forwarding`.
   */
  key: pulumi.Input<string>;
  /**
   * The value. Another spelling than the one that `sysctl` prints, such as `0x10`, or reserved ports in another order, is the
   * same value.
   */
  value: pulumi.Input<string>;
  /**
   * The interface whose setting it is: an end of a {@link Veth}, a {@link Bridge}, or the name of an interface. The key
   * names it too, or has `{interface}` in its place. The setting is made again when the interface is.
   *
   * @default the interface that the key names, if the program has declared it before
   */
  interface?: InterfaceRef;
  /**
   * The namespace whose setting it is.
   *
   * @default where the interface is; without one, the lab host
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
  declare readonly interface: pulumi.Output<string | undefined>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  /** The value from before, which comes back in the end. */
  declare readonly previous: pulumi.Output<string>;

  constructor(
    name: string,
    { interface: link, namespace, ...args }: SysctlArgs,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    const { key } = args;
    const place = placeOn(link, namespace);
    const inputs = {
      ...args,
      interface: interfaceName(link),
      namespace: namespaceOn(link, namespace),
      previous: undefined,
    };
    const named = link ?? (typeof key === "string" ? interfaceIn(normalizeSysctlKey(key) ?? key) : undefined);
    const origin = originOf(named, place);
    super("Sysctl", name, inputs, opts, {
      after: [...(origin === undefined ? [] : [origin.resource]), ...(named === undefined ? [] : wholeSettings(place))],
      on: origin === undefined ? [] : [linkOf(origin, "object")],
    });
    if (named === undefined) noteSysctl({ resource: this, place, key, value: this.value });
  }
}
