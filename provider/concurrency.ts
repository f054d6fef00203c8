import { setTimeout as pause } from "node:timers/promises";
import { KernelError } from "./errors.ts";
import { KernelOwnedError } from "./existing-object.ts";

/**
 * Runs work under named locks: calls that share a name run one after the other, in the order of the calls, and a call without
 * names runs at once. A call requests all of its locks at the same time, so no two calls can deadlock.
 */
export type WithLocks = <T>(names: readonly string[], work: () => Promise<T>) => Promise<T>;

/** Creates the locks of one lab host. */
export function createLocks(): WithLocks {
  const lastByName = new Map<string, Promise<unknown>>();

  return (names, work) => {
    const before = names.flatMap((name) => lastByName.get(name) ?? []);
    const result = names.length === 0 ? work() : Promise.all(before).then(work);
    const release = (): void => {
      for (const name of names) if (lastByName.get(name) === end) lastByName.delete(name);
    };
    const end = result.then(release, release);
    for (const name of names) lastByName.set(name, end);
    return result;
  };
}

/** The functions that process items which share a lock. */
export interface BatchHandlers<Item, Result> {
  /** Processes all items as one batch. */
  readonly batch: (items: readonly Item[]) => Promise<readonly (Result | undefined)[]>;
  readonly single: (item: Item) => Promise<Result | undefined>;
}

/**
 * Serialises work by lock, as {@link WithLocks} does, and processes all items that wait for the same lock as one batch. If the
 * batch fails, the items are retried one by one, so that only the faulty one rejects.
 */
export function coalesce<Item, Result>({ batch, single }: BatchHandlers<Item, Result>, withLocks = createLocks()) {
  const queues = new Map<string, QueuedItem<Item, Result>[]>();

  async function flush(queue: readonly QueuedItem<Item, Result>[]): Promise<void> {
    const items = queue.map(({ item }) => item);
    const results = items.length === 1 ? undefined : await batch(items).catch(() => undefined);
    for (const [index, { item, resolve, reject }] of queue.entries()) {
      if (results !== undefined) resolve(results[index]);
      else await single(item).then(resolve, reject);
    }
  }

  return (name: string, item: Item): Promise<Result | undefined> =>
    new Promise((resolve, reject) => {
      const queued = { item, resolve, reject };
      const queue = queues.get(name);
      if (queue !== undefined) {
        queue.push(queued);
        return;
      }
      const newQueue = [queued];
      queues.set(name, newQueue);
      void withLocks([name], () => {
        queues.delete(name);
        return flush(newQueue);
      });
    });
}

interface QueuedItem<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Retries work that failed because an object was busy, or was created or deleted between the query and the change, or because
 * the connection to the lab host was lost. The kernel finishes deletes with a delay, and another process may change the same object.
 */
export async function retry<T>(work: () => Promise<T>): Promise<T> {
  for (const [turn, wait] of BACKOFF_MS.entries()) {
    try {
      return await work();
    } catch (error) {
      const isTransient =
        (error instanceof KernelError && error.isTransient && turn < KERNEL_RETRIES) ||
        error instanceof KernelOwnedError;
      if (!isTransient) throw error;
      await pause(wait);
    }
  }
  return work();
}

/** Delays before the retries, in milliseconds: five seconds in total, in which the engine deletes an interface of the same run. */
const BACKOFF_MS = [20, 50, 100, 200, 400, 800, 1600, 1600];

/** The retries after an answer of the kernel, which end after less than two seconds. */
const KERNEL_RETRIES = 6;
