import * as pulumi from "@pulumi/pulumi";
import { checkedName, recordParent } from "../names.ts";

/** The base class of all components. `Outputs` are the values that programs in other languages can refer to. */
export abstract class Component<Outputs extends object> extends pulumi.ComponentResource {
  protected constructor(kind: string, name: string, opts: pulumi.ComponentResourceOptions) {
    super(componentType(kind), checkedName(kind, name, opts), {}, opts);
    recordParent(this, kind, name, opts.parent);
  }

  /** Registers the outputs, and ends the component. */
  protected publish(outputs: Later<Outputs>): void {
    published.set(this, outputs);
    this.registerOutputs(outputs);
  }
}

/** Returns the type token of a component. */
export const componentType = (kind: string): string => `netns:lab:${kind}`;

/** Outputs of a component whose values may not be known yet. */
export type Later<Outputs> = { readonly [Name in keyof Outputs]: pulumi.Input<Outputs[Name]> };

/** Returns the outputs of a component. */
export const outputsOf = (component: pulumi.ComponentResource): pulumi.Inputs => published.get(component) ?? {};

const published = new WeakMap<pulumi.ComponentResource, pulumi.Inputs>();
