import * as pulumi from "@pulumi/pulumi";
import { never } from "../invalid.ts";
import { checkedName, recordParent, requireName } from "../names.ts";
import { hasMissing, isMissing, recordInvalid } from "../placeholder.ts";
import { reporting } from "../reported-errors.ts";

/** The base class of all components. `Outputs` are the values that programs in other languages can refer to. */
export abstract class Component<Outputs extends object> extends pulumi.ComponentResource {
  protected constructor(kind: string, name: string, opts: pulumi.ComponentResourceOptions) {
    requireName(kind, name);
    const isNew = isMissing(name) || reporting(() => checkedName(kind, name, opts));
    super(componentType(kind), name, {}, isNew ? knownOptions(opts) : { dependsOn: never });
    if (!isNew) recordInvalid(this);
    recordParent(this, kind, name, opts.parent);
  }

  /** Registers the outputs, and ends the component. */
  protected publish(outputs: Later<Outputs>): void {
    published.set(this, outputs);
    this.registerOutputs(isMissing(this) ? {} : outputs);
  }
}

/** Returns the type token of a component. */
export const componentType = (kind: string): string => `netns:lab:${kind}`;

/** Outputs of a component whose values may not be known yet. */
export type Later<Outputs> = { readonly [Name in keyof Outputs]: pulumi.Input<Outputs[Name]> };

/** Returns the outputs of a component. */
export const outputsOf = (component: pulumi.ComponentResource): pulumi.Inputs => published.get(component) ?? {};

/** Returns the options of a component; none if one of them is missing because of an error. */
const knownOptions = (opts: pulumi.ComponentResourceOptions): pulumi.ComponentResourceOptions =>
  hasMissing(Object.values(opts)) ? {} : opts;

const published = new WeakMap<pulumi.ComponentResource, pulumi.Inputs>();
