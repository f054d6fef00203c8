import { setTimeout as pause } from "node:timers/promises";
import type { Lifecycle } from "./lifecycle.ts";
import { UserError } from "./message.ts";
import type { Properties } from "./properties.ts";
import { hasUnknown } from "./schema.ts";

/*
 * To replace a resource, the engine first deletes those that depend on it, in one series of steps that it queues at once. It
 * finds them with Diff: the inputs from the resource to be replaced are unknown, and the answer says "replaces". A dependent
 * that in the program has moved away from that resource is then created outside of the series, and so perhaps before its
 * delete. The engine would keep both in its state, and the delete would find the new object by the mark of the old one.
 */

/** The deletes that the engine has queued for resources which are to be created again, by the marks of the resources. */
export interface AnnouncedDeletes {
  /** Marks that the engine will delete the resource of a mark. */
  announce(mark: string): void;
  /** Does the work of a verb; a delete that succeeds is no longer awaited. */
  during<T>(verb: "create" | "update" | "delete", mark: string, work: () => Promise<T>): Promise<T>;
  /**
   * Does work when the delete that was announced for a mark has been done, at once where none was. A resource that is retained
   * is never deleted, so the wait ends when no delete has been under way for {@link QUIET} milliseconds.
   *
   * @throws Error when the delete will not come because the run has failed.
   */
  after<T>(mark: string, work: () => Promise<T>): Promise<T>;
}

export function announcedDeletes(): AnnouncedDeletes {
  const awaited = new Set<string>();
  let underWay = 0;
  let lastSeen = 0;
  let failed = false;

  return {
    announce(mark) {
      awaited.add(mark);
      lastSeen = Date.now();
    },

    async during(verb, mark, work) {
      const deletes = verb === "delete";
      if (deletes) underWay += 1;
      try {
        const result = await work();
        if (deletes) awaited.delete(mark);
        return result;
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        if (deletes) [underWay, lastSeen] = [underWay - 1, Date.now()];
      }
    },

    after: (mark, work) => (awaited.has(mark) ? done(mark).then(work) : work()),
  };

  async function done(mark: string): Promise<void> {
    while (awaited.has(mark) && (underWay > 0 || Date.now() - lastSeen < QUIET)) await pause(POLL);
    if (!awaited.has(mark)) return;
    if (failed) throw new UserError(NOT_DELETED, "fix the other error, and run `pulumi up` again");
    awaited.delete(mark);
  }
}

/** A life whose creates wait for the deletes that the engine has announced for the same resources. */
export function afterAnnouncedDeletes(life: Lifecycle, deletes: AnnouncedDeletes): Lifecycle {
  return {
    ...life,
    diff(id, olds, news) {
      const answer = life.diff(id, olds, news);
      // In an up, all that a program passes on is known: only the search for dependents asks with unknown inputs.
      if (answer.replaces.length > 0 && hasUnknown(news)) deletes.announce(markIn(olds));
      return answer;
    },
    create: (inputs) =>
      deletes.during("create", markIn(inputs), () => deletes.after(markIn(inputs), () => life.create(inputs))),
    update: (id, olds, news) => deletes.during("update", markIn(news), () => life.update(id, olds, news)),
    delete: (id, outputs) => deletes.during("delete", markIn(outputs), () => life.delete(id, outputs)),
  };
}

const markIn = (properties: Properties): string => properties.__mark;

/** Milliseconds without a delete. Between two deletes of a series the engine saves its state, in its backend. */
export const QUIET = 5000;

const POLL = 5;

const NOT_DELETED =
  "the resource was not created, because its previous object was not deleted: another operation of this run failed";
