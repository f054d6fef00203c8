import { adoptionText } from "./adoption.ts";
import { ForeignError, inTheWay } from "./existing-object.ts";
import type { WithSnapshot } from "./kernel/client/snapshot.ts";
import type { Kind, Observed } from "./kind.ts";
import { isOfStack } from "./owner.ts";
import { type Properties, split } from "./properties.ts";
import { type Failure, hasUnknown } from "./schema.ts";

/** The part of the context of lifecycles that a search for conflicts uses. */
export interface ConflictContext {
  readonly withSnapshot: WithSnapshot;
  /** The names in the kernel that resources have by the state; each search adds those of its resource. */
  readonly held: Set<string>;
  /** Tells the user who runs the program. */
  readonly warn: (text: string) => void;
}

/**
 * Returns the failures of a resource that is to get a name which an object of others has on the lab host. Its create would fail, too,
 * but only after the engine has deleted the former object of a resource that is renamed. In a namespace of the program, objects of
 * others are deleted with the namespace. Tells the user of an object that the resource will adopt.
 *
 * @param olds The former inputs; empty for a resource that is created, also for one that replaces itself.
 * @param inputs The inputs that a check has returned.
 */
export async function conflicts<Args extends object, Seen extends Observed<Args>>(
  kind: Kind<Args, Seen>,
  { withSnapshot, held, warn }: ConflictContext,
  olds: object,
  inputs: Properties,
): Promise<Failure[]> {
  const mark = inputs.__mark;
  const own = split(inputs).own as Args;
  for (const name of namesOf(kind, olds as Properties)) held.add(name);
  const { __adopt: adopts = false } = inputs;
  if ((inputs.__atHome && !adopts) || hasUnknown(own) || kind.claims(own, mark).every(({ name }) => held.has(name)))
    return [];
  const seen = await withSnapshot((kernel) => kind.observe(kernel, own, mark));
  if (seen === undefined || isOfStack(seen.mark, mark)) return [];
  if (adopts && seen.state !== undefined) {
    warn(adoptionText(kind, seen.state, own, inputs));
    return [];
  }
  if (inputs.__atHome) return [];
  const error = inTheWay(`${kind.type} ${kind.id(own, mark)}`, seen, mark);
  // What the kernel has created itself may be gone before the resource is created.
  return error instanceof ForeignError ? [{ property: "", reason: error.message }] : [];
}

function namesOf<Args extends object, Seen extends Observed<Args>>(kind: Kind<Args, Seen>, olds: Properties): string[] {
  const own = split(olds).own as Args;
  return Object.keys(olds).length === 0 || hasUnknown(own) ? [] : kind.claims(own, olds.__mark).map(({ name }) => name);
}
