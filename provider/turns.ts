import { setTimeout as pause } from "node:timers/promises";
import { KernelError } from "./errors.ts";

const last = new Map<string, Promise<unknown>>();

/** Does work that shares a name one after the other, in the order of the calls; work without a name at once. */
export function inTurn<T>(name: string | undefined, work: () => Promise<T>): Promise<T> {
  if (name === undefined) return work();
  const turn = (last.get(name) ?? Promise.resolve()).then(work);
  last.set(
    name,
    turn.catch(() => undefined),
  );
  return turn;
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
