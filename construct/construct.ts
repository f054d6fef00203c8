import * as pulumi from "@pulumi/pulumi";
import type { ComponentRequest } from "../plugin/component-request.ts";
import { withHelp } from "../provider/message.ts";
import { propertyPath } from "../provider/property-path.ts";
import { hasUnknown } from "../provider/schema.ts";
import { outputsOf } from "../sdk/components/component.ts";
import { Host, Lan, Link, Router, Trunk } from "../sdk/components/index.ts";
import { usePlugin } from "../sdk/door.ts";
import { beginProgram } from "../sdk/program.ts";
import { optionsOf } from "./options.ts";
import { checkReferences } from "./references.ts";
import { awaitFeatureSupport, waitForRPCs, withLocalStorage } from "./runtime.ts";

export interface ConstructedComponent {
  readonly urn: string;
  readonly outputs: object;
  /** The URNs of the resources that each output comes from. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
}

/** The components of one run of the engine. */
export interface Components {
  /** Creates a component of the SDK, whose resources belong to the plugin. It ends when all of them are registered. */
  construct(request: ComponentRequest): Promise<ConstructedComponent>;
}

/** @param version The version by which the program asks for the plugin; see {@link usePlugin}. */
export function components(version: string | undefined): Components {
  const made = new Map<string, pulumi.ComponentResource>();
  const parents = new Map<string, pulumi.Resource>();
  usePlugin(version);
  beginProgram();

  return {
    construct: (request) =>
      withLocalStorage(async () => {
        const { project, stack, parallel, engine, monitor, isPreview, organization } = request.run;
        pulumi.runtime.resetOptions(project, stack, parallel, engine, monitor, isPreview, organization);
        await awaitFeatureSupport();
        const classOf = CLASSES.get(request.type.split(":").at(-1) ?? "");
        if (classOf === undefined) throw new Error(`component type ${request.type} is unknown to this version`);
        return failingTogether(async () => {
          const component = new classOf(request.name, argsOf(request) as never, optionsOf(request.options, parents));
          const urn = await promised(component.urn);
          made.set(urn, component);
          const [outputs, resources] = await pulumi.runtime.serializeResourceProperties(
            request.name,
            outputsOf(component),
          );
          const dependencies = await Promise.all(
            [...resources].map(
              async ([key, on]) => [key, await Promise.all([...on].map((one) => promised(one.urn)))] as const,
            ),
          );
          await waitForRPCs();
          return { urn, outputs: { ...plainIn(request.args), ...outputs }, dependencies: new Map(dependencies) };
        });
      }),
  };

  /** Returns the arguments of a component, with components in the place of their URNs. */
  function argsOf({ args, secret }: ComponentRequest): unknown {
    // A component computes names and addresses from its arguments before any resource is registered.
    for (const [key, value] of Object.entries(args)) {
      if (hasUnknown(value)) throw new Error(withHelp(`${key}: the value is not known at preview`, KNOWN));
      const path = secret.find((one) => one === key || one.startsWith(`${key}.`));
      if (path !== undefined) throw new Error(withHelp(`${propertyPath(args, path)}: the value is secret`, PLAIN));
    }
    const own = resolved(args);
    checkReferences(own);
    return own;
  }

  function resolved(value: unknown): unknown {
    if (typeof value === "string" && value.startsWith("urn:pulumi:")) {
      const component = made.get(value);
      if (component === undefined) throw new Error(withHelp(`${value} is not a component of this lab`, SAME));
      return component;
    }
    if (Array.isArray(value)) return value.map(resolved);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
  }
}

const CLASSES = new Map<
  string,
  new (
    name: string,
    args: never,
    opts: pulumi.ComponentResourceOptions,
  ) => pulumi.ComponentResource
>(Object.entries({ Host, Lan, Link, Router, Trunk }));

const KNOWN = "write the value itself, or an output that follows from arguments";
const PLAIN = "a component shows its arguments in the names and addresses of its resources; use a plain value";
const SAME = "use a component of the same program and the same provider";

const promised = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

/**
 * Returns the arguments that refer to no component. A component in Python has each argument as an attribute, which is unknown at preview
 * unless it is an output, so that a wrong use of it, such as `lan.hosts["anna"]`, would fail only in an `up`.
 */
const plainIn = (args: ComponentRequest["args"]): object =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => !JSON.stringify(value).includes('"urn:pulumi:')));

/** Runs the construction of a component. It fails also with a resource of a component whose registration nothing awaits. */
async function failingTogether<T>(work: () => Promise<T>): Promise<T> {
  listenForFailures();
  let fail: (error: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => (fail = reject));
  running.add(fail);
  try {
    return await Promise.race([work(), failure]);
  } finally {
    running.delete(fail);
  }
}

const running = new Set<(error: unknown) => void>();
let isListening = false;

function listenForFailures(): void {
  if (isListening) return;
  isListening = true;
  process.on("unhandledRejection", (error) => {
    for (const fail of running) fail(error);
  });
}
