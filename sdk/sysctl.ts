import type * as pulumi from "@pulumi/pulumi";
import { interfaceIn, normalizeSysctlKey } from "../provider/sysctl-key.ts";
import { givenArgs } from "./given-args.ts";
import { attachmentTo, type InterfaceRef, interfaceAt, namespaceOn, originOf, placeOn } from "./interface.ts";
import { hostOf, type Place } from "./place.ts";
import { KernelResource } from "./resource.ts";
import { recordSysctl, wholeSettings } from "./sysctl-dependencies.ts";

/** Arguments of a {@link Sysctl}. */
export interface SysctlArgs {
  /**
   * The key. It must begin with `net.`, because only these settings are separate for each namespace. A dot inside an interface name is
   * written as a slash: `net.ipv4.conf.eth0/1.forwarding`.
   */
  key: pulumi.Input<string>;
  /**
   * The value. Spellings that differ from the output of `sysctl`, such as `0x10` or reserved ports in another order, count as the
   * same value.
   */
  value: pulumi.Input<string | number>;
  /**
   * The interface of the setting: an end of a {@link Veth}, a {@link Bridge} or another link, or the name of an interface. The key
   * contains its name or the placeholder `{interface}`. When the interface is replaced, the value is set again.
   *
   * @default the interface that the key names, if it is declared before
   */
  interface?: InterfaceRef;
  /**
   * The namespace of the setting.
   *
   * @default the interface's namespace; without an interface, the lab host
   */
  namespace?: Place;
}

/**
 * A sysctl: a setting of the kernel's network stack. Deleting the resource restores the previous value.
 *
 * Equivalent to: `sysctl -w net.ipv4.ip_forward=1`
 *
 * @example
 * new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: 1 });
 */
export class Sysctl extends KernelResource {
  declare readonly key: pulumi.Output<string>;
  declare readonly value: pulumi.Output<string>;
  declare readonly interface: pulumi.Output<string | undefined>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  /** The previous value, which is restored when the resource is deleted. */
  declare readonly previous: pulumi.Output<string>;

  constructor(name: string, given: SysctlArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { interface: link, namespace, ...args } = givenArgs("Sysctl", name, given);
    const { key } = args;
    const place = placeOn(link, namespace);
    const inputs = {
      ...args,
      interface: interfaceAt(link, place),
      namespace: namespaceOn(link, namespace),
      previous: undefined,
    };
    const named = link ?? (typeof key === "string" ? interfaceIn(normalizeSysctlKey(key) ?? key) : undefined);
    const origin = originOf(named, place);
    super("Sysctl", name, inputs, opts, {
      host: hostOf(place),
      dependsOn: [
        ...(origin === undefined ? [] : [origin.resource]),
        ...(named === undefined ? [] : wholeSettings(place)),
      ],
      attachedTo: origin === undefined ? [] : [attachmentTo(origin, "object")],
    });
    if (named === undefined) recordSysctl({ resource: this, place, key, value: this.value });
  }
}
