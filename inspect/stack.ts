import * as v from "valibot";
import { kindOfToken, parseUrn } from "../provider/urn.ts";
import { askPulumi, chosen } from "./pulumi.ts";
import { type Secrets, unwrapped } from "./secrets.ts";

/** A stack as its state tells of it. */
export interface StackView {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly ResourceView[];
}

/** A resource of ours in a state. */
export interface ResourceView {
  readonly urn: string;
  /** The name of its class: `Namespace`, `Veth` … */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  /** Its name for the provider; see the kind's `id`. */
  readonly id: string;
  readonly parent: string | undefined;
  /** What it was made with; keys that begin with two underscores are the SDK's own. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Where its outputs have secrets. */
  readonly secrets?: Secrets;
}

/** Where a stack is found. */
export interface StackPlace {
  /** The folder of the project. */
  readonly cwd: string;
  /** The stack's name; absent for the one that is selected. */
  readonly stack?: string | undefined;
  /** Whether secrets are read, for a comparison, and not hidden. What is told to people must leave them out then. */
  readonly reveal?: boolean | undefined;
}

/**
 * Reads a stack from its backend, as `pulumi stack export` does. Resources of other packages are left out.
 *
 * @throws Error with what `pulumi` said, when there is no such stack; or that there is no `pulumi`.
 */
export async function readStack({ reveal = false, ...place }: StackPlace): Promise<StackView> {
  return stackView(await exported(place, reveal), reveal);
}

/** Reads a stack once, for people, with its secrets hidden, and for a comparison. Both have the same resources in one order. */
export async function readStackTwofold(place: StackPlace): Promise<{ shown: StackView; revealed: StackView }> {
  const resources = await exported(place, true);
  return { shown: stackView(resources, false), revealed: stackView(resources, true) };
}

async function exported({ cwd, stack }: StackPlace, reveal: boolean): Promise<readonly Exported[]> {
  const secrets = reveal ? ["--show-secrets"] : [];
  const text = await askPulumi(cwd, "stack", "export", ...secrets, ...chosen(stack));
  return v.parse(EXPORT, JSON.parse(text)).deployment.resources ?? [];
}

function stackView(resources: readonly Exported[], reveal: boolean): StackView {
  const { project, stack } = parseUrn(resources[0]?.urn ?? "");
  return {
    project,
    stack,
    resources: resources.flatMap(({ urn, type: token, id, parent, inputs, outputs, delete: isGoing }) => {
      const type = kindOfToken(token);
      if (type === undefined || isGoing) return [];
      const { value, secrets } = unwrapped(outputs, reveal);
      return [
        {
          urn,
          type,
          name: parseUrn(urn).name,
          id,
          parent,
          inputs: unwrapped(inputs, reveal).value as ResourceView["inputs"],
          outputs: value as ResourceView["outputs"],
          secrets,
        },
      ];
    }),
  };
}

const RESOURCE = v.object({
  urn: v.string(),
  type: v.string(),
  id: v.optional(v.string(), ""),
  parent: v.optional(v.string()),
  delete: v.optional(v.boolean(), false),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
});

type Exported = v.InferOutput<typeof RESOURCE>;

const EXPORT = v.object({ deployment: v.object({ resources: v.optional(v.array(RESOURCE)) }) });
