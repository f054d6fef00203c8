import { cwd, env } from "node:process";
import * as pulumi from "@pulumi/pulumi";
import { currentBackend } from "../provider/backend.ts";
import { kindOf } from "../provider/kind-of.ts";
import { digest, markOf } from "../provider/owner.ts";
import { recordForChecks } from "./checks.ts";
import type { LabHost } from "./components/lab-host.ts";
import { otherTypeOf, pluginOptions, typeOf, usesPlugin } from "./door.ts";
import { refuseHost } from "./host-argument.ts";
import { refuseImport } from "./import.ts";
import { holdBack, knownFailures, never } from "./invalid.ts";
import { checkedName, recordParent } from "./names.ts";
import { hasMissing, isMissing } from "./placeholder.ts";
import { perProgram } from "./program.ts";
import { programError } from "./program-error.ts";
import { refuseResources } from "./refuse-resources.ts";
import { isFailing, reporting } from "./reported-errors.ts";
import { secretNames, secretPaths, withSecrets } from "./secrets.ts";

/** The argument of every resource whose object may already exist. */
export interface Adoptable {
  /**
   * Whether to take over an existing object that does not belong to this stack. The object is changed to match the arguments, gets this
   * stack's mark and is deleted with the resource. Without `adopt`, an existing object is an error.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean>;
}

/** Options of a reference to an existing object. */
export interface GetOptions extends pulumi.CustomResourceOptions {
  /**
   * The lab host of the object.
   *
   * @default this machine, or the lab host in the configuration `pulumi-netns:host`
   */
  host?: LabHost;
}

/** The lab host and the dependencies of a resource, which the SDK passes to the engine and the provider. */
export interface Relations {
  /** The lab host of the object; undefined for this machine. */
  readonly host: LabHost | undefined;
  /** Resources that must exist first. */
  readonly dependsOn?: readonly pulumi.Resource[];
  /** Resources that must exist first, and whose replacement deletes this object from the kernel. */
  readonly replacedWith?: readonly pulumi.Resource[];
  /** The links that the object is on, in the form of {@link linkOf}. When one changes, the resource is replaced. */
  readonly attachedTo?: readonly pulumi.Input<string>[];
  /** Links and values that the object is attached to. When one changes, the resource is updated. */
  readonly follows?: readonly pulumi.Input<string>[];
  /** True if the program creates the object's namespace, so that no other stack has objects in it. */
  readonly ownsPlace?: boolean;
  readonly adopt?: pulumi.Input<boolean> | undefined;
}

/** A resource that manages an object in the lab host's kernel. Only this class registers resources with Pulumi. */
export abstract class KernelResource extends pulumi.CustomResource {
  protected constructor(
    kind: string,
    name: string,
    all: pulumi.Inputs,
    givenOpts: pulumi.CustomResourceOptions,
    { host, dependsOn = [], replacedWith = [], attachedTo = [], follows = [], ownsPlace, adopt }: Relations,
  ) {
    const opts = hasMissing(Object.values(givenOpts)) ? {} : givenOpts;
    if (!isMissing(name)) reporting(() => checkedName(kind, name, givenOpts));
    reporting(() => refuseImport(kind, name, givenOpts));
    reporting(() => refuseHost(kind, name, all));
    const given = refuseResources(kind, name, all);
    if (host !== undefined && usesPlugin())
      throw programError(
        `${kind} ${name} is on the lab host ${host.name}, and the plugin reaches only this machine`,
        "remove the lab host, or use the provider of programs in TypeScript",
      );
    const { schema, generate } = kindOf(kind);
    const { entries } = schema;
    const args = withSecrets(entries, given);
    const secrets = [...secretNames(entries), ...(generate === undefined ? [] : ["__generated"])];
    const isReference = opts.id !== undefined;
    const failures = isReference || usesPlugin() ? [] : knownFailures(kind, name, args, opts, host?.name);
    const held = failures.length > 0 ? holdBack(kind, name, failures) : undefined;
    const inputs = {
      ...outputsOf(kind),
      ...(!isReference && args),
      ...(attachedTo.length > 0 && { __on: attachedTo }),
      ...(follows.length > 0 && { __follows: follows }),
      ...(replacedWith.length > 0 && { __restsOn: replacedWith.map(({ urn }) => urn.apply(digest)) }),
      ...(ownsPlace && { __atHome: true }),
      // The engine would stop at an error that follows from one of the program.
      ...(isFailing() ? { __released: never } : held && { __released: held.released }),
      // The plugin derives the other hidden properties itself.
      ...(usesPlugin()
        ? { ...(adopt !== undefined && { adopt }) }
        : {
            ...(isReference && { __reference: true }),
            ...(host && { host: host.name, __ssh: { to: host.ssh, sudo: host.sudo } }),
            __mark: markFor(kind, name, opts.parent, host),
            ...(adopt !== undefined && { __adopt: adopt }),
            ...(opts.replaceOnChanges !== undefined && { __replaceOn: opts.replaceOnChanges }),
            ...(!isReference && { __secret: secretPaths(args) }),
            // The engine keeps a secret that the provider adds as a secret only if the input of this name is one.
            ...(!isReference && generate && { __generated: pulumi.secret("") }),
            __provider: loader(kind),
          }),
    };
    const relations: pulumi.CustomResourceOptions = {
      aliases: [{ type: otherTypeOf(kind) }],
      ...pluginOptions(),
      ...(secrets.length > 0 && { additionalSecretOutputs: secrets }),
      ...(dependsOn.length + replacedWith.length > 0 && { dependsOn: [...dependsOn, ...replacedWith] }),
    };
    if (!isReference) recordForChecks(kind, name, { ...args, ...(host && { host: host.name }) }, () => this);
    const { stackTraceLimit } = Error;
    try {
      // Pulumi records several stack traces for each property. They only help to find promises that never settle, and they take more
      // time than the rest of the program.
      Error.stackTraceLimit = 0;
      // Names in the kernel are unique, so every replacement must delete the old object first.
      super(typeOf(kind), name, inputs, { ...pulumi.mergeOptions(relations, opts), deleteBeforeReplace: true });
    } catch (error) {
      Error.stackTraceLimit = stackTraceLimit;
      if (error instanceof Error) Error.captureStackTrace(error, new.target);
      throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    recordParent(this, kind, name, opts.parent);
    held?.waits(this);
    if (isReference) references.add(this);
  }
}

/** Returns true if a resource only refers to an existing object, which is not deleted with the program. */
export const isReference = (resource: pulumi.Resource): boolean => references.has(resource);

const references = new WeakSet<pulumi.Resource>();

/** Returns the mark of a resource's object; see {@link markOf}. */
export function markFor(
  kind: string,
  name: string,
  parent: pulumi.Resource | undefined,
  host: LabHost | undefined,
): pulumi.Output<string> {
  const [project, stack, backend] = [pulumi.getProject(), pulumi.getStack(), backendId()];
  // As an output, the parent's URN would be a dependency on the parent, and, if that is a component, on the resource itself.
  const above = parent && pulumi.output(new Promise<string>((resolve) => parent.urn.apply(resolve)));
  return pulumi
    .createUrn(name, typeOf(kind), above)
    .apply((urn) => markOf({ project, stack, backend, host: host?.name, name, urn }));
}

/** Returns the identity of the backend, which is read once for each program. */
const backendId = perProgram(() => currentBackend({ env, folder: cwd() }, pulumi.getOrganization())?.id);

/** Returns the outputs of a kind, which the engine fills in: every argument, whether it was given or not. */
function outputsOf(type: string): pulumi.Inputs {
  const { schema, interfaces } = kindOf(type);
  const names = [...Object.keys(schema.entries), ...(interfaces ? ["__generations"] : [])];
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/**
 * Returns the code that Pulumi evaluates to load the provider. It is constant, so the state contains no code of this package, an
 * upgrade of the package changes no resource, and a destroy runs the installed code.
 */
const loader = (kind: string): string => `exports.handler=()=>require("pulumi-netns/provider").host("${kind}")`;
