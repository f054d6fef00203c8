import { lifecycles } from "../provider/host.ts";
import type { KernelClient } from "../provider/kernel/kernel.ts";
import type { Kind } from "../provider/kind.ts";
import { stackNameOf } from "../provider/owner.ts";
import type { Properties } from "../provider/properties.ts";
import { changes } from "../provider/schema.ts";
import type { Drift } from "./drift.ts";
import { kindOf } from "./kind-of.ts";
import { inParallel } from "./parallel.ts";
import { HIDDEN, isSecret, withoutSecrets } from "./secrets.ts";
import type { ResourceView, StackView } from "./stack.ts";
import { placeOf } from "./stack-hosts.ts";

/** How the kernel stands to what a resource's state says. */
export type Condition =
  /** All is as the state says. */
  | "up"
  /** It is there, and some properties are not as the state says. */
  | "drifted"
  /** It is not there. */
  | "missing"
  /** Something else has its name: it bears another mark, or is of another kind. */
  | "foreign";

/** A resource, and how the kernel stands to it. */
export interface ResourceStatus {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** The namespace that it is in; undefined for the lab host. */
  readonly namespace: string | undefined;
  readonly condition: Condition;
  /** What is not as the state says; empty unless it has drifted. */
  readonly drift: readonly Drift[];
  /** For what is foreign: the stack that it belongs to, if it is one's. */
  readonly owner: string | undefined;
}

/**
 * Looks at the kernel for each resource of a stack, as `pulumi refresh` does. Changes nothing. The stack is to be read with
 * its secrets revealed, for what is secret is compared, too; it is not told.
 */
export function statusOf({ resources }: StackView, kernel: KernelClient): Promise<ResourceStatus[]> {
  const lives = lifecycles(kernel);
  return inParallel(resources, async (resource) => {
    const { type, name, id, secrets = new Map() } = resource;
    const outputs = resource.outputs as Properties;
    const kind = kindOf(type);
    const seen = await lives.get(type)?.read(id, outputs);
    const shown = withoutSecrets(secrets, id);
    const shared = { type, name, id: shown, namespace: placeOf(resource), drift: [], owner: undefined };
    if (seen === undefined || seen.id === "") return { ...shared, ...(await occupant(kind, kernel, resource)) };
    const drift = changes(kind.schema, outputs, seen.props ?? {}).map(({ property }) => ({
      property,
      was: isSecret(secrets, property) ? HIDDEN : valueAt(outputs, property),
      is: isSecret(secrets, property) ? HIDDEN : valueAt(seen.props, property),
    }));
    return { ...shared, condition: drift.length === 0 ? "up" : "drifted", drift };
  });
}

/** What stands in the place of a resource whose own object is gone. */
async function occupant(kind: Kind, kernel: KernelClient, { outputs }: ResourceView) {
  const mark = String(outputs["__mark"]);
  const seen = await kind.observe(kernel, outputs, mark);
  // What bears the resource's own mark is a remainder of it, such as the log of a process that has died.
  return seen === undefined || seen.mark === mark
    ? { condition: "missing" as const }
    : { condition: "foreign" as const, owner: stackNameOf(seen.mark) };
}

const valueAt = (value: unknown, path: string): unknown =>
  path.split(".").reduce((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);
