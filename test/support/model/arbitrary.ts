import fc from "fast-check";
import { diceOf } from "./dice.ts";
import { type Life, lifeOf } from "./life.ts";
import { simpler } from "./shrink.ts";
import type { Sort } from "./sort.ts";
import { textOf } from "./text.ts";

/** Random lives, which shrink to the few objects and changes that matter, and are printed as programs. */
class Lives extends fc.Arbitrary<Life> {
  readonly #sort: Sort;

  constructor(sort: Sort) {
    super();
    this.#sort = sort;
  }

  override generate(random: fc.Random): fc.Value<Life> {
    return told(lifeOf(diceOf(random), this.#sort));
  }

  override canShrinkWithoutContext(value: unknown): value is Life {
    return typeof value === "object" && value !== null && "events" in value;
  }

  override shrink(life: Life): fc.Stream<fc.Value<Life>> {
    return fc.stream(simpler(life)).map(told);
  }
}

/** Returns random lives of a sort. */
export const livesOf = (sort: Sort = {}): fc.Arbitrary<Life> => new Lives(sort);

const told = (life: Life): fc.Value<Life> =>
  new fc.Value({ ...life, [fc.toStringMethod]: () => `\n${textOf(life)}\n` }, undefined);
