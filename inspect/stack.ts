import { execa } from "execa";
import * as v from "valibot";

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
}

/** Where a stack is found. */
export interface StackPlace {
  /** The folder of the project. */
  readonly cwd: string;
  /** The stack's name; absent for the one that is selected. */
  readonly stack?: string | undefined;
}

/**
 * Reads a stack from its backend, as `pulumi stack export` does. Resources of other packages are left out.
 *
 * @throws Error with what `pulumi` said, when there is no such stack.
 */
export async function readStack({ cwd, stack }: StackPlace): Promise<StackView> {
  const chosen = stack === undefined ? [] : ["--stack", stack];
  const { exitCode, stdout, stderr, shortMessage } = await execa("pulumi", ["stack", "export", ...chosen], {
    cwd,
    reject: false,
    stdin: "ignore",
  });
  if (exitCode !== 0) throw new Error(stderr.trim() || shortMessage || "pulumi stack export failed");
  return stackView(v.parse(EXPORT, JSON.parse(stdout)).deployment.resources ?? []);
}

function stackView(resources: readonly v.InferOutput<typeof RESOURCE>[]): StackView {
  // urn:pulumi:STACK::PROJECT::TYPES::NAME
  const [, stack = "", project = ""] = /^urn:pulumi:(.*?)::(.*?)::/.exec(resources[0]?.urn ?? "") ?? [];
  return {
    project,
    stack,
    resources: resources
      .filter((resource) => resource.type.startsWith(OURS) && !resource.delete)
      .map(({ urn, type, id, parent, inputs, outputs }) => ({
        urn,
        type: type.slice(OURS.length),
        name: urn.slice(urn.lastIndexOf("::") + 2),
        id,
        parent,
        inputs,
        outputs,
      })),
  };
}

/** What the engine calls the classes of this package. */
const OURS = "pulumi-nodejs:dynamic/netns:";

const RESOURCE = v.object({
  urn: v.string(),
  type: v.string(),
  id: v.optional(v.string(), ""),
  parent: v.optional(v.string()),
  delete: v.optional(v.boolean(), false),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
});

const EXPORT = v.object({ deployment: v.object({ resources: v.optional(v.array(RESOURCE)) }) });
