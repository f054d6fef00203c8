import { lifecycles } from "../provider/host.ts";
import type { KernelClient } from "../provider/kernel/kernel.ts";
import type { Kind } from "../provider/kind.ts";
import { kindOf } from "../provider/kind-of.ts";
import { isSibling, resourceOf, stackNameOf } from "../provider/owner.ts";
import type { Properties } from "../provider/properties.ts";
import { changes } from "../provider/schema.ts";
import { type Drift, partsOf } from "./drift.ts";
import { inParallel } from "./parallel.ts";
import { HIDDEN, isSecret, withoutSecrets } from "./secrets.ts";
import type { ResourceView, StackView } from "./stack.ts";
import { placeOf } from "./stack-hosts.ts";

/** The condition of a resource in the kernel, compared with its state. */
export type Condition =
  /** All properties match the state. */
  | "up"
  /** The object exists, but some properties differ from the state. */
  | "drifted"
  /** The object does not exist. */
  | "missing"
  /** Another resource of the stack has taken over the object, as after an `up` that failed before it deleted this resource. */
  | "replaced"
  /** Another object has its name: one of another stack, without a mark, or of another kind. */
  | "foreign";

/** A resource and its condition in the kernel. */
export interface ResourceStatus {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** The namespace of the object; undefined for the lab host. */
  readonly namespace: string | undefined;
  readonly condition: Condition;
  /** The properties that differ from the state; empty unless it has drifted. */
  readonly drift: readonly Drift[];
  /** The file to which it logs, for a kind with a log. */
  readonly log: string | undefined;
  /** The stack that owns a foreign object, if there is one; the resource that has taken over a replaced one. */
  readonly owner: string | undefined;
}

/**
 * Observes each resource of a stack in the kernel, like `pulumi refresh`. Changes nothing. The stack must be read with its
 * secrets revealed, because they are compared too; they are not part of the result.
 */
export function statusOf({ resources }: StackView, kernel: KernelClient): Promise<ResourceStatus[]> {
  const lives = lifecycles(kernel);
  return inParallel(resources, async (resource) => {
    const { type, name, id, secrets = new Map() } = resource;
    const outputs = resource.outputs as Properties;
    const kind = kindOf(type);
    const seen = await lives.get(type)?.read(id, outputs);
    const shown = withoutSecrets(secrets, id);
    const { log } = outputs;
    const shared = {
      ...{ type, name, id: shown, namespace: placeOf(resource), drift: [], owner: undefined },
      log: typeof log === "string" ? withoutSecrets(secrets, log) : undefined,
    };
    if (seen === undefined || seen.id === "") return { ...shared, ...(await occupant(kind, kernel, resource)) };
    const drift = changes(kind.schema, outputs, seen.props ?? {}).flatMap(({ property }) =>
      partsOf({ property, was: valueAt(outputs, property), is: valueAt(seen.props, property) }).map((part) =>
        isSecret(secrets, part.property) ? { property: part.property, was: HIDDEN, is: HIDDEN } : part,
      ),
    );
    return { ...shared, condition: drift.length === 0 ? "up" : "drifted", drift };
  });
}

/** Returns the object that has the name of a resource whose own object is missing. */
async function occupant(kind: Kind, kernel: KernelClient, { outputs }: ResourceView) {
  const mark = String(outputs["__mark"]);
  const seen = await kind.observe(kernel, outputs, mark);
  // An object with the resource's own mark is a remainder of it, such as the log of a process that has ended.
  if (seen === undefined || seen.mark === mark) return { condition: "missing" as const };
  return seen.mark !== undefined && isSibling(seen.mark, mark)
    ? { condition: "replaced" as const, owner: resourceOf(seen.mark) }
    : { condition: "foreign" as const, owner: stackNameOf(seen.mark) };
}

const valueAt = (value: unknown, path: string): unknown =>
  path.split(".").reduce((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);
