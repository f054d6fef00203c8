import type fc from "fast-check";

/** The source of all random decisions. */
export interface Dice {
  /** Returns an integer from 0 to one below the limit. */
  below(limit: number): number;
  chance(probability: number): boolean;
  /** Returns an item of a list; undefined for an empty one. */
  pick<T>(list: readonly T[]): T | undefined;
  /** Returns an item of a non-empty list. */
  of<const T>(...list: readonly [T, ...T[]]): T;
  shuffle<T>(list: readonly T[]): T[];
  /** Returns a value of another generator. */
  generate<T>(arbitrary: fc.Arbitrary<T>): T;
}

export function diceOf(random: fc.Random): Dice {
  const below = (limit: number): number => random.nextInt(0, limit - 1);
  return {
    below,
    chance: (probability) => random.nextInt(0, 999) < probability * 1000,
    pick: (list) => (list.length === 0 ? undefined : list[below(list.length)]),
    of: (...list) => list[below(list.length)] ?? list[0],
    shuffle(list) {
      const left = [...list];
      return list.flatMap(() => left.splice(below(left.length), 1));
    },
    generate: (arbitrary) => arbitrary.generate(random, undefined).value,
  };
}
