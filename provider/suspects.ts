import type { KernelClient } from "./kernel/kernel.ts";
import type { KilledRun } from "./killed-run.ts";
import type { Kind, Observed } from "./kind.ts";
import { isOwned } from "./owner.ts";
import { type Properties, split } from "./properties.ts";
import { changes, pickManaged } from "./schema.ts";

/** The part of the context of lifecycles that a search for suspects uses. */
export interface SuspectContext {
  readonly kernel: KernelClient;
  readonly killedRun: KilledRun;
  /** The resources whose objects a killed run has changed, by mark; each search may add that of its resource. */
  readonly suspects: Set<string>;
}

/**
 * Compares the object of a resource with the state, if the previous run was killed before it wrote the state. The engine itself finds no change of
 * a resource whose arguments are those in the state.
 *
 * @param olds The inputs in the state; empty for a resource that is not in the state.
 */
export async function findSuspect<Args extends object, Seen extends Observed<Args>>(
  kind: Kind<Args, Seen>,
  { kernel, killedRun, suspects }: SuspectContext,
  olds: object,
): Promise<void> {
  if (Object.keys(olds).length === 0) return;
  const former = olds as Properties;
  const mark = former.__mark;
  if (!killedRun.isBefore(mark)) return;
  const was = split(former).own as Args;
  // The resources below it may just have been repaired, so that a snapshot would be too old.
  const seen = await kind.observe(kernel, was, mark);
  const isAsBefore =
    seen?.state !== undefined &&
    isOwned(kind, seen, mark) &&
    changes(kind.schema, pickManaged(kind.schema, seen.state, was), was).length === 0;
  if (!isAsBefore) suspects.add(mark);
}
