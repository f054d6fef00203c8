import { setTimeout as pause } from "node:timers/promises";
import { KernelError } from "./errors.ts";

const last = new Map<string, Promise<unknown>>();

/**
 * Does work that shares any of its names one after the other, in the order of the calls; work without a name at once. All
 * names are taken at the same time, so that no two works wait for each other.
 */
export function inTurn<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
  const before = names.flatMap((name) => last.get(name) ?? []);
  const turn = names.length === 0 ? work() : Promise.all(before).then(work);
  const end = turn.then(release, release);
  for (const name of names) last.set(name, end);
  return turn;

  function release(): void {
    for (const name of names) if (last.get(name) === end) last.delete(name);
  }
}

/** How work is done that shares a name. */
export interface Company<Item, Result> {
  /** Does all of it as one. */
  readonly together: (items: readonly Item[]) => Promise<readonly (Result | undefined)[]>;
  readonly alone: (item: Item) => Promise<Result | undefined>;
}

/**
 * Does work in turn, as {@link inTurn} does, and what waits for the same turn together. When that fails each is done by
 * itself, so that a failure is told to none but whom it is about.
 */
export function inCompany<Item, Result>({ together, alone }: Company<Item, Result>) {
  const waiting = new Map<string, Waiting<Item, Result>[]>();

  async function serve(crowd: readonly Waiting<Item, Result>[]): Promise<void> {
    const items = crowd.map(({ item }) => item);
    const results = items.length === 1 ? undefined : await together(items).catch(() => undefined);
    for (const [index, { item, resolve, reject }] of crowd.entries()) {
      if (results !== undefined) resolve(results[index]);
      else await alone(item).then(resolve, reject);
    }
  }

  return (name: string, item: Item): Promise<Result | undefined> =>
    new Promise((resolve, reject) => {
      const one = { item, resolve, reject };
      const crowd = waiting.get(name);
      if (crowd !== undefined) {
        crowd.push(one);
        return;
      }
      const begun = [one];
      waiting.set(name, begun);
      void inTurn([name], () => {
        waiting.delete(name);
        return serve(begun);
      });
    });
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does work again that failed because something was still busy, or came or went between the look and the deed. The kernel
 * takes its time over what is deleted, and another process may be at the same thing.
 */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const wait of WAITS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof KernelError) || !PASSING.has(error.reason)) throw error;
      await pause(wait);
    }
  }
  return work();
}

const PASSING = new Set(["busy", "exists"]);

/** Milliseconds: under two seconds in all, then the error stands. */
const WAITS = [20, 50, 100, 200, 400, 800];
