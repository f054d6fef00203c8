import type * as pulumi from "@pulumi/pulumi";
import { givenArgs } from "./given-args.ts";
import { attachmentTo, type InterfaceRef, interfaceAt, namespaceOn, originOf, placeOn } from "./interface.ts";
import { hostOf, type Place } from "./place.ts";
import { type Adoptable, KernelResource } from "./resource.ts";

/** Arguments that every queueing discipline of an interface has. */
export interface ImpairmentArgs extends Adoptable {
  /** The interface, or its name. */
  interface: InterfaceRef;
  /**
   * The namespace of the interface. It is needed only for an interface that is given by its name.
   *
   * @default the interface's namespace; for a name, the lab host
   */
  namespace?: Place;
  /**
   * The direction: `egress` for packets that leave through the interface, `ingress` for packets that arrive. For packets that arrive, the
   * resource also creates an interface `ifb-NAME` in the namespace, to which a filter redirects them.
   *
   * @default "egress"
   */
  direction?: pulumi.Input<"egress" | "ingress">;
}

/** A resource that manages the queueing discipline of an interface. */
export abstract class Impairment extends KernelResource {
  declare readonly interface: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly direction: pulumi.Output<"egress" | "ingress">;

  protected constructor(kind: string, name: string, given: ImpairmentArgs, opts: pulumi.CustomResourceOptions) {
    const { interface: link, namespace, adopt, ...args } = givenArgs(kind, name, given);
    const place = placeOn(link, namespace);
    const origin = originOf(link, place);
    const inputs = { ...args, interface: interfaceAt(link, place), namespace: namespaceOn(link, namespace) };
    super(kind, name, inputs, opts, {
      host: hostOf(place),
      dependsOn: origin === undefined ? [] : [origin.resource],
      attachedTo: origin === undefined ? [] : [attachmentTo(origin, "object")],
      adopt,
    });
  }
}
