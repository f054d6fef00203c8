import { cwd, env } from "node:process";
import * as pulumi from "@pulumi/pulumi";
import { currentBackend } from "../provider/backend.ts";
import * as kinds from "../provider/kinds/index.ts";
import { digest, markOf } from "../provider/owner.ts";
import { tokenOf } from "../provider/urn.ts";
import { watch } from "./checks.ts";
import { refuseImport } from "./import.ts";
import { program } from "./program.ts";
import { secretPaths } from "./secrets.ts";

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

/** The ties of a resource to others, which the SDK finds out and tells the engine and the provider. */
export interface Ties {
  /** Resources that must exist first. */
  readonly after?: readonly pulumi.Resource[];
  /** Resources that must exist first, and whose replacement takes this one from the kernel. */
  readonly restsOn?: readonly pulumi.Resource[];
  /** The links that this resource lies on, as {@link linkOf} writes them: with another link it is made again. */
  readonly on?: readonly pulumi.Input<string>[];
  /** What this resource's object is attached to: with another one, or another value, it is updated. */
  readonly follows?: readonly pulumi.Input<string>[];
  /** Whether the program makes the place that the object is in, so that no other stack is at home there. */
  readonly atHome?: boolean;
  readonly adopt?: pulumi.Input<boolean> | undefined;
}

/** A resource whose object lives in the kernel of the lab host. The only place that knows how Pulumi is told of one. */
export abstract class KernelResource extends pulumi.CustomResource {
  protected constructor(
    kind: string,
    name: string,
    args: pulumi.Inputs,
    opts: pulumi.CustomResourceOptions,
    { after = [], restsOn = [], on = [], follows = [], atHome, adopt }: Ties = {},
  ) {
    refuseImport(kind, name, opts);
    const refers = opts.id !== undefined;
    const inputs = {
      ...outputsOf(kind),
      ...(!refers && args),
      ...(refers && { __reference: true }),
      __mark: markFor(kind, name, opts.parent),
      ...(on.length > 0 && { __on: on }),
      ...(follows.length > 0 && { __follows: follows }),
      ...(restsOn.length > 0 && { __restsOn: restsOn.map(({ urn }) => urn.apply(digest)) }),
      ...(atHome && { __atHome: true }),
      ...(adopt !== undefined && { __adopt: adopt }),
      ...(!refers && { __secret: secretPaths(args) }),
      __provider: loader(kind),
    };
    const ties: pulumi.CustomResourceOptions = {
      ...(after.length + restsOn.length > 0 && { dependsOn: [...after, ...restsOn] }),
    };
    if (!refers) watch(kind, name, args, () => this);
    const { stackTraceLimit } = Error;
    try {
      // Pulumi notes for each property, several times over, where in the program it was made. That is of use only to find a
      // promise that is never kept, and takes more time than all else that a program does.
      Error.stackTraceLimit = 0;
      // Names in the kernel are unique, so whatever asks for a replacement, the old object must go first.
      super(tokenOf(kind), name, inputs, { ...pulumi.mergeOptions(ties, opts), deleteBeforeReplace: true });
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
export function markFor(kind: string, name: string, parent: pulumi.Resource | undefined): pulumi.Output<string> {
  const [project, stack, backend] = [pulumi.getProject(), pulumi.getStack(), backendId()];
  // As an output, the parent's URN would be a dependency on the parent, and so, if that is a component, on the resource itself.
  const above = parent && pulumi.output(new Promise<string>((resolve) => parent.urn.apply(resolve)));
  return pulumi.createUrn(name, tokenOf(kind), above).apply((urn) => markOf({ project, stack, backend, name, urn }));
}

/** The identity of the backend, read once for each program. */
function backendId(): string | undefined {
  const key = program();
  if (!backends.has(key)) backends.set(key, currentBackend({ env, folder: cwd() }, pulumi.getOrganization())?.id);
  return backends.get(key);
}

const backends = new WeakMap<object, string | undefined>();

/** The outputs of a kind, to be filled in by the engine: each argument, given or not. */
function outputsOf(type: string): pulumi.Inputs {
  const kind = Object.values(kinds).find((one) => one.type === type);
  const names = [...Object.keys(kind?.schema.entries ?? {}), ...(kind?.interfaces ? ["__generations"] : [])];
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/**
 * What Pulumi evaluates to get at the provider: a constant, so no code of ours ever lies in a state, an upgrade of this
 * package is no change of any resource, and a destroy runs the code that is installed.
 */
const loader = (kind: string): string => `exports.handler=()=>require("pulumi-netns/provider").host("${kind}")`;
