import { coalesce, retry, type WithLocks } from "./concurrency.ts";
import { KernelError, type Reason } from "./errors.ts";
import { snapshotsOf } from "./kernel/client/snapshot.ts";
import type { KernelClient } from "./kernel/kernel.ts";
import type { Kind, Observed, Transition } from "./kind.ts";
import { applyPlan, type Plan } from "./plan.ts";

/** A requested change of one resource's object, before the object has been observed. */
export interface ChangeRequest<Args extends object, Seen> {
  readonly mark: string;
  /** The arguments in the state: the object may still have the names of these. */
  readonly former?: Args;
  /** Observes the object and returns the transition to make; undefined if there is nothing to change. */
  readonly observe: (kernel: KernelClient) => Promise<Transition<Args, Seen> | undefined>;
  /** An optimistic create to try before observing, for kinds whose create fails harmlessly if the object exists. */
  readonly optimistic?: Transition<Args, Seen>;
}

/** Observes, plans and runs a change, and returns the observed object; undefined if there was none. */
export type ApplyChange<Args extends object, Seen> = (
  own: Args,
  intent: ChangeRequest<Args, Seen>,
) => Promise<Seen | undefined>;

/** Creates the function that changes objects of a kind: one at a time per lock key, in batches if the kind can plan them. */
export function createApplier<Args extends object, Seen extends Observed<Args>>(
  kind: Kind<Args, Seen>,
  kernel: KernelClient,
  withLocks: WithLocks,
): ApplyChange<Args, Seen> {
  const applyOne = ({ observe, optimistic }: ChangeRequest<Args, Seen>): Promise<Seen | undefined> =>
    retry(async () => {
      if (optimistic !== undefined && (await tryCreate(optimistic))) return undefined;
      const change = await observe(kernel);
      const room = change && (await tryApply(change));
      if (room === undefined) return change?.seen;
      await applyPlan(kernel, room);
      const retried = await observe(kernel);
      if (retried !== undefined) await applyPlan(kernel, kind.plan(retried));
      return change?.seen;
    });

  /** Applies a change. If it fails, and other objects are in its way, the plan that deletes these is returned. */
  async function tryApply(change: Transition<Args, Seen>): Promise<Plan | undefined> {
    try {
      await applyPlan(kernel, kind.plan(change));
      return undefined;
    } catch (error) {
      const isRefused = error instanceof KernelError && REFUSALS.has(error.reason);
      const room = isRefused ? await kind.makeRoom?.(kernel, change) : undefined;
      if (room === undefined || room.length === 0) throw error;
      return room;
    }
  }

  async function tryCreate(change: Transition<Args, Seen>): Promise<boolean> {
    try {
      await applyPlan(kernel, kind.plan(change));
      return true;
    } catch (error) {
      if (error instanceof KernelError && error.reason === "exists") return false;
      throw error;
    }
  }

  const { lockKey, planBatch } = kind;
  const lockNames = (own: Args, mark: string): string[] => [
    ...kind.claims(own, mark).map(({ name }) => name),
    ...(lockKey === undefined ? [] : [lockKey(own)]),
  ];
  if (lockKey === undefined || planBatch === undefined)
    return (own, request) => {
      const { mark, former = own } = request;
      return withLocks([...lockNames(own, mark), ...lockNames(former, mark)], () => applyOne(request));
    };
  const applyCoalesced = coalesce<ChangeRequest<Args, Seen>, Seen>(
    {
      single: applyOne,
      async batch(requests) {
        const withSnapshot = snapshotsOf(kernel, 0);
        const changes = await Promise.all(requests.map(({ observe }) => withSnapshot(observe)));
        await applyPlan(kernel, planBatch(changes.flatMap((change) => change ?? [])));
        return changes.map((change) => change?.seen);
      },
    },
    withLocks,
  );
  return (own, request) => applyCoalesced(lockKey(own), request);
}

/** The kernel's answers that another object may cause. Most do not tell which rule they follow. */
const REFUSALS: ReadonlySet<Reason> = new Set(["exists", "busy", "failed"]);
