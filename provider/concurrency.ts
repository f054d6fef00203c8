import { setTimeout as pause } from "node:timers/promises";
import { KernelError } from "./errors.ts";

const lastByName = new Map<string, Promise<unknown>>();

/**
 * Does work that shares any of its names one after the other, in the order of the calls; work without a name at once. All
 * names are taken at the same time, so that no two works wait for each other.
 */
export function withLocks<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
  const before = names.flatMap((name) => lastByName.get(name) ?? []);
  const result = names.length === 0 ? work() : Promise.all(before).then(work);
  const end = result.then(release, release);
  for (const name of names) lastByName.set(name, end);
  return result;

  function release(): void {
    for (const name of names) if (lastByName.get(name) === end) lastByName.delete(name);
  }
}

/** How work is done that shares a name. */
export interface BatchHandlers<Item, Result> {
  /** Does all of it as one. */
  readonly batch: (items: readonly Item[]) => Promise<readonly (Result | undefined)[]>;
  readonly single: (item: Item) => Promise<Result | undefined>;
}

/**
 * Does work in turn, as {@link withLocks} does, and what waits for the same turn together. When that fails each is done by
 * itself, so that a failure is told to none but whom it is about.
 */
export function coalesce<Item, Result>({ batch, single }: BatchHandlers<Item, Result>) {
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
 * Does work again that failed because something was still busy, or came or went between the look and the deed. The kernel
 * takes its time over what is deleted, and another process may be at the same thing.
 */
export async function retry<T>(work: () => Promise<T>): Promise<T> {
  for (const wait of BACKOFF_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof KernelError) || !TRANSIENT.has(error.reason)) throw error;
      await pause(wait);
    }
  }
  return work();
}

const TRANSIENT = new Set(["busy", "exists"]);

/** Milliseconds: under two seconds in all, then the error stands. */
const BACKOFF_MS = [20, 50, 100, 200, 400, 800];
