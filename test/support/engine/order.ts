import { setTimeout as pause } from "node:timers/promises";

/** The order of operations for which the engine defines none: concurrent operations may continue in any order. */
export interface Order {
  /** The number of concurrent steps. */
  readonly width: number;
  /** Removes one item from a non-empty list and returns it. */
  take<T>(list: T[]): T;
  /** Yields to other operations for a moment. */
  yield(): Promise<void>;
}

/** Order of arrival, with high concurrency: the usual case. */
export const asItComes: Order = {
  width: 8,
  take: (list) => first(list.splice(0, 1)),
  yield: () => Promise.resolve(),
};

/** Returns an order that is derived from a seed and from the kernel's timing. */
export function shuffled(seed: number): Order {
  const random = randomOf(seed);
  const width = first([1, 2, 4, 8].splice(Math.floor(random() * 4), 1));
  return {
    width,
    take: (list) => first(list.splice(Math.floor(random() * list.length), 1)),
    yield: () => pause(random() < 0.5 ? 0 : random() * 8),
  };
}

function first<T>([item]: readonly T[]): T {
  return item as T;
}

/** Returns a generator of numbers from 0 to 1 for a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
