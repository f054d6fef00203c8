import * as v from "valibot";
import { kindOfToken, parseUrn } from "../provider/urn.ts";
import { type Language, languageOf } from "./language.ts";
import { askPulumi, chosen } from "./pulumi.ts";
import { type Secrets, unwrapped } from "./secrets.ts";

/** A stack as its state describes it. */
export interface StackView {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly ResourceView[];
  /** The language of its program. */
  readonly language?: Language;
}

/** A resource of this package in a state. */
export interface ResourceView {
  readonly urn: string;
  /** Its class name: `Namespace`, `Veth` … */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  /** Its ID for the provider; see the kind's `id`. */
  readonly id: string;
  readonly parent: string | undefined;
  /** Its inputs; keys that begin with two underscores are internal to the SDK. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The secrets in its outputs. */
  readonly secrets?: Secrets;
}

/** Where to find a stack. */
export interface StackPlace {
  /** The folder of the project. */
  readonly cwd: string;
  /** The stack's name; absent for the selected stack. */
  readonly stack?: string | undefined;
  /** Whether to read secrets in clear text, for a comparison, instead of hiding them. Output to users must omit them. */
  readonly reveal?: boolean | undefined;
}

/**
 * Reads a stack from its backend, like `pulumi stack export`. Resources of other packages are omitted.
 *
 * @throws Error with the output of `pulumi` if the stack does not exist, or if `pulumi` is not installed.
 */
export async function readStack({ reveal = false, ...place }: StackPlace): Promise<StackView> {
  return { ...stackView(await exported(place, reveal), reveal), language: languageOf(place.cwd) };
}

/** Reads a stack once and returns it with secrets hidden, for output, and revealed, for comparison, in the same order. */
export async function readStackTwofold(place: StackPlace): Promise<{ shown: StackView; revealed: StackView }> {
  const resources = await exported(place, true);
  const language = languageOf(place.cwd);
  return {
    shown: { ...stackView(resources, false), language },
    revealed: { ...stackView(resources, true), language },
  };
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
