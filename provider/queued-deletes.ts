import { setTimeout as pause } from "node:timers/promises";
import type { Lifecycle } from "./lifecycle.ts";
import { UserError } from "./message.ts";
import type { Properties } from "./properties.ts";
import { hasUnknown } from "./schema.ts";

/*
 * To replace a resource, the engine first deletes its dependents, in one series of steps that it queues at once. It finds the
 * dependents with Diff: the inputs from the replaced resource are unknown, and the result contains "replaces". If the program
 * has moved a dependent away from that resource, the engine creates it outside of the series, possibly before its delete. The
 * state would then contain both, and the delete would find the new object by the mark of the old one.
 */

/** The deletes that the engine has queued for resources that it will recreate, by the marks of the resources. */
export interface QueuedDeletes {
  /** Records that the engine will delete the resource with a mark. */
  add(mark: string): void;
  /** Runs the work of a verb; a delete that succeeds is removed from the queue. */
  track<T>(verb: "create" | "update" | "delete", mark: string, work: () => Promise<T>): Promise<T>;
  /**
   * Runs work after the queued delete of a mark has finished, or at once if none is queued. A resource that is retained is
   * never deleted, so the wait ends when no delete has run for {@link QUIET_MS} milliseconds.
   *
   * @throws Error if the delete will not run because another operation of this run failed.
   */
  afterDelete<T>(mark: string, work: () => Promise<T>): Promise<T>;
}

export function queuedDeletes(): QueuedDeletes {
  const queued = new Set<string>();
  let running = 0;
  let lastSeen = 0;
  let failed = false;

  return {
    add(mark) {
      queued.add(mark);
      lastSeen = Date.now();
    },

    async track(verb, mark, work) {
      const isDelete = verb === "delete";
      if (isDelete) running += 1;
      try {
        const result = await work();
        if (isDelete) queued.delete(mark);
        return result;
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        if (isDelete) [running, lastSeen] = [running - 1, Date.now()];
      }
    },

    afterDelete: (mark, work) => (queued.has(mark) ? waitForDelete(mark).then(work) : work()),
  };

  async function waitForDelete(mark: string): Promise<void> {
    while (queued.has(mark) && (running > 0 || Date.now() - lastSeen < QUIET_MS)) await pause(POLL_MS);
    if (!queued.has(mark)) return;
    if (failed) throw new UserError(NOT_DELETED, "fix the other error, and run `pulumi up` again");
    queued.delete(mark);
  }
}

/** Returns a lifecycle whose creates wait for the deletes that the engine has queued for the same resources. */
export function withQueuedDeletes(lifecycle: Lifecycle, deletes: QueuedDeletes): Lifecycle {
  return {
    ...lifecycle,
    diff(id, olds, news) {
      const answer = lifecycle.diff(id, olds, news);
      // In an up, all inputs from the program are known: only the search for dependents calls diff with unknown inputs.
      if (answer.replaces.length > 0 && hasUnknown(news)) deletes.add(markIn(olds));
      return answer;
    },
    create: (inputs) =>
      deletes.track("create", markIn(inputs), () =>
        deletes.afterDelete(markIn(inputs), () => lifecycle.create(inputs)),
      ),
    update: (id, olds, news) => deletes.track("update", markIn(news), () => lifecycle.update(id, olds, news)),
    delete: (id, outputs) => deletes.track("delete", markIn(outputs), () => lifecycle.delete(id, outputs)),
  };
}

const markIn = (properties: Properties): string => properties.__mark;

/** Milliseconds without a delete after which the wait ends. The engine saves its state between two deletes of a series. */
export const QUIET_MS = 5000;

const POLL_MS = 5;

const NOT_DELETED =
  "the resource was not created, because its previous object was not deleted: another operation of this run failed";
