import { MissingError, SecretImportError } from "../../provider/errors.ts";
import { ForeignError } from "../../provider/existing-object.ts";
import { lifecycles } from "../../provider/host.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { parsePlaceId } from "../../provider/kind.ts";
import { kindOf } from "../../provider/kind-of.ts";
import { markOf } from "../../provider/owner.ts";
import { programArguments } from "../../provider/program-arguments.ts";
import { secretArguments } from "../../provider/schema.ts";
import type { FoundObject, LeftObject } from "./found.ts";
import { withSecretValues } from "./secret-values.ts";

/** Reads objects as resources, and lists those that are left alone. */
export interface Taker {
  readonly kernel: KernelClient;
  readonly left: readonly LeftObject[];
  /** Returns the object with an id as a resource of the first of some kinds whose object it is; none if it is left alone. */
  readonly take: (kinds: readonly string[], id: string) => Promise<FoundObject[]>;
  /** Lists an object that is left alone, and returns none. */
  readonly leave: (what: string, why: string) => [];
}

/** Creates the taker of a lab host. */
export function takerOf(kernel: KernelClient): Taker {
  const left: LeftObject[] = [];
  const lives = lifecycles(kernel);
  return { kernel, left, take, leave };

  async function take(kinds: readonly string[], id: string): Promise<FoundObject[]> {
    for (const kind of kinds) {
      try {
        const { inputs } = (await lives.get(kind)?.import(id, NO_STACK)) ?? { inputs: {} };
        return [{ kind, id, inputs: { ...inputs } }];
      } catch (error) {
        if (error instanceof ForeignError) return leave(id, "it has the mark of a stack");
        if (error instanceof SecretImportError) return withSecrets(kind, id);
        if (!(error instanceof MissingError)) throw error;
      }
    }
    return leave(id, NOT_DESCRIBED);
  }

  /** Returns an object that has secrets, which the program reads from its configuration. */
  async function withSecrets(type: string, id: string): Promise<FoundObject[]> {
    const kind = kindOf(type);
    const args = kind.argsFromId?.(id);
    const seen = args && (await kind.observe(kernel, args, NO_STACK))?.state;
    const state = seen && { ...seen, ...(await kind.withContents?.(kernel, seen)) };
    if (state === undefined) return leave(id, NOT_DESCRIBED);
    const { namespace, name } = parsePlaceId(id);
    const inputs = programArguments(kind, state, NO_STACK) as FoundObject["inputs"];
    return [
      {
        kind: type,
        id,
        adopt: true,
        inputs: withSecretValues(inputs, secretArguments(kind.schema, state), namespace, name),
      },
    ];
  }

  function leave(what: string, why: string): [] {
    left.push({ what, why });
    return [];
  }
}

const NOT_DESCRIBED = "no resource describes it";

/** The mark of no stack, so that the objects of all stacks are refused. */
const NO_STACK = markOf({ project: "-", stack: "-", name: "", urn: "" });

/** Calls a function for each item, one after the other, and returns all results. */
export async function collect<T, R>(items: readonly T[], work: (item: T) => Promise<readonly R[]>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(...(await work(item)));
  return results;
}
