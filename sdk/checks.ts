import * as pulumi from "@pulumi/pulumi";
import type { Declared } from "../checks/check.ts";
import { runChecks, textOf } from "../checks/index.ts";
import { levelOf, type Settings, settings } from "../checks/settings.ts";
import { kindOf } from "../provider/kind-of.ts";
import { isFailing } from "./reported-errors.ts";

/**
 * Records a declared resource for the checks over the whole lab, which run when the program has ended.
 *
 * @throws pulumi.RunError if the configuration of the checks is invalid, before any resource is registered with the engine.
 */
export function recordForChecks(
  kind: string,
  name: string,
  args: pulumi.Inputs,
  resource: () => pulumi.Resource,
): void {
  const stack = pulumi.runtime.getStackResource();
  // Without a stack resource, for example under mocks, the end of the program cannot be awaited.
  if (stack === undefined) return;
  const existing = programs.get(stack);
  const recorded = existing ?? [];
  recorded.push({ kind, name, resource, args });
  if (existing !== undefined) return;
  programs.set(stack, recorded);
  const settings = readSettings();
  // The engine itself reports why the program failed.
  void programEnd(stack).then(
    () => checkLab(recorded, settings),
    () => undefined,
  );
}

interface RecordedResource {
  readonly kind: string;
  readonly name: string;
  readonly resource: () => pulumi.Resource;
  readonly args: pulumi.Inputs;
}

function readSettings(): Settings {
  try {
    return settings(new pulumi.Config("pulumi-netns").getObject("checks"));
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}

// Several programs may run in one process; each has its own stack resource.
const programs = new WeakMap<pulumi.Resource, RecordedResource[]>();

/** Returns a promise that is fulfilled when the program has ended, and rejected if it fails. */
export async function programEnd(stack: pulumi.Resource): Promise<void> {
  await pulumi.runtime.serializeProperty("checks", (stack as pulumi.Resource & { outputs: unknown }).outputs);
  if (isFailing()) throw new pulumi.RunError("the program has reported an error");
}

async function checkLab(recorded: readonly RecordedResource[], settings: Settings): Promise<void> {
  const resources = new Map<Declared, pulumi.Resource>();
  // Resources that are created in an `apply` are added while the others are awaited.
  while (resources.size < recorded.length) {
    const news = recorded.slice(resources.size);
    for (const [index, args] of (await Promise.all(news.map(resolved))).entries()) {
      const one = news[index];
      if (one !== undefined) resources.set({ type: one.kind, name: one.name, args }, one.resource());
    }
  }
  const failed = new Set<string>();
  for (const finding of runChecks([...resources.keys()])) {
    const level = levelOf(settings[finding.check], finding);
    const resource = resources.get(finding.about);
    if (level === "off" || resource === undefined) continue;
    const text = textOf(finding);
    if (level === "error") failed.add(finding.about.name);
    const about = await registered(resource);
    void (level === "error" ? pulumi.log.error(text, about) : pulumi.log.warn(text, about));
  }
  if (failed.size === 0) return;
  // Uncaught, so that the engine stops the program. A stack trace would not help the user.
  const stop = new pulumi.RunError(`the lab fails its checks: see ${[...failed].join(", ")}`);
  delete stop.stack;
  throw stop;
}

/**
 * Returns the resource if the engine has it, and undefined if its creation failed, with which `pulumi up --continue-on-error` goes on: Pulumi
 * delivers neither a message about such a resource nor any after it.
 */
const registered = (resource: pulumi.Resource): Promise<pulumi.Resource | undefined> =>
  pulumi.runtime.serializeProperty("urn", resource.urn).then(
    () => resource,
    () => undefined,
  );

// The arguments as the engine receives them, with the outputs that follow from them; unknown, secret and failed values become null.
const resolved = async ({ name, kind, args }: RecordedResource): Promise<unknown> =>
  pulumi.runtime.serializeProperties(name, { ...args, ...derivedFrom(kind, args) }).then(
    (serialized) =>
      JSON.parse(JSON.stringify(serialized, (_, value: unknown) => (isKnown(value) ? value : null))) as unknown,
    () => null,
  );

/** Returns the outputs that follow from the arguments. They are no secrets, unlike the arguments that they follow from. */
function derivedFrom(kind: string, args: pulumi.Inputs): pulumi.Inputs {
  const { derive } = kindOf(kind);
  if (derive === undefined) return {};
  const outputs = pulumi.unsecret(pulumi.output(args)).apply((given) => derive(given));
  return Object.fromEntries(
    Object.keys(derive({})).map((output) => [output, outputs.apply((derived) => derived[output])]),
  );
}

const isKnown = (value: unknown): boolean =>
  value !== pulumi.runtime.unknownValue && !pulumi.runtime.isRpcSecret(value);
