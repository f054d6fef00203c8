import * as pulumi from "@pulumi/pulumi";
import { markOf } from "../provider/owner.ts";
import { watch } from "./checks.ts";

/** What every resource can be told whose object may be there already. */
export interface Adoptable {
  /**
   * Takes over an object that is there already and is not this stack's: it is brought to what the program says, bears this
   * stack's mark from then on, and goes with the resource. Without it, such an object is refused.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean>;
}

/** What the SDK finds out about a resource's place in the lab, and tells the engine. */
export interface Ties {
  /** The resource whose end is the end of this one as well: what lies in a namespace goes with it. */
  readonly deletedWith?: pulumi.Resource | undefined;
  /** Resources that must be there first, and whose replacement takes this one from the kernel. */
  readonly restsOn?: readonly pulumi.Resource[];
  /** The links that this resource lies on, by the names of their ends. */
  readonly on?: readonly pulumi.Input<string>[];
  readonly adopt?: pulumi.Input<boolean> | undefined;
}

/** A resource whose object lives in the kernel of the lab host. The only place that knows how Pulumi is told of one. */
export abstract class KernelResource extends pulumi.CustomResource {
  protected constructor(
    kind: string,
    name: string,
    args: pulumi.Inputs,
    opts: pulumi.CustomResourceOptions,
    { deletedWith, restsOn = [], on = [], adopt }: Ties = {},
  ) {
    const refers = opts.id !== undefined;
    const inputs = {
      ...(refers ? Object.fromEntries(Object.keys(args).map((key) => [key, undefined])) : args),
      ...(refers && { __reference: true }),
      __mark: markFor(typeOf(kind), name, opts.parent),
      ...(on.length > 0 && { __on: on }),
      ...(adopt !== undefined && { __adopt: adopt }),
      __provider: loader(kind),
    };
    const ties: pulumi.CustomResourceOptions = {
      ...(deletedWith !== undefined && { deletedWith }),
      ...(restsOn.length > 0 && { dependsOn: [...restsOn], replaceWith: [...restsOn] }),
    };
    if (!refers) watch(kind, name, args, () => this);
    const { stackTraceLimit } = Error;
    try {
      // Pulumi notes for each property, several times over, where in the program it was made. That is of use only to find a
      // promise that is never kept, and takes more time than all else that a program does.
      Error.stackTraceLimit = 0;
      // Names in the kernel are unique, so whatever asks for a replacement, the old object must go first.
      super(typeOf(kind), name, inputs, { ...pulumi.mergeOptions(ties, opts), deleteBeforeReplace: true });
    } catch (error) {
      Error.stackTraceLimit = stackTraceLimit;
      if (error instanceof Error) Error.captureStackTrace(error, new.target);
      throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    if (refers) references.add(this);
  }
}

/** Whether a resource only refers to an object, which then does not end with this program. */
export const isReference = (resource: pulumi.Resource): boolean => references.has(resource);

const references = new WeakSet<pulumi.Resource>();

/** The mark that a resource's object bears; see {@link markOf}. */
function markFor(type: string, name: string, parent: pulumi.Resource | undefined): pulumi.Output<string> {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  // As an output, the parent's URN would be a dependency on the parent, and so, if that is a component, on the resource itself.
  const above = parent && pulumi.output(new Promise<string>((resolve) => parent.urn.apply(resolve)));
  return pulumi.createUrn(name, type, above).apply((urn) => markOf({ project, stack, name, urn }));
}

/** A kind's type token, which previews show. */
const typeOf = (kind: string): string => `pulumi-nodejs:dynamic/netns:${kind}`;

/**
 * What Pulumi evaluates to get at the provider: a constant, so no code of ours ever lies in a state, an upgrade of this
 * package is no change of any resource, and a destroy runs the code that is installed.
 */
const loader = (kind: string): string => `exports.handler=()=>require("pulumi-netns/provider").host("${kind}")`;
