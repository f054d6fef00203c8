import { setTimeout as pause } from "node:timers/promises";

/** What happens first, where the engine leaves that open: what waits at the same time may go on in any order. */
export interface Order {
  /** How many steps are done at once. */
  readonly width: number;
  /** Takes one out of a list that is not empty. */
  take<T>(list: T[]): T;
  /** Lets others go first, for a moment. */
  yield(): Promise<void>;
}

/** As things come, and many at once: what usually happens. */
export const asItComes: Order = {
  width: 8,
  take: (list) => first(list.splice(0, 1)),
  yield: () => Promise.resolve(),
};

/** An order that follows from a number, together with how long the kernel takes. */
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

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
