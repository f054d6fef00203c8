import fc from "fast-check";
import { diceOf } from "./dice.ts";
import { type Life, lifeOf } from "./life.ts";
import { simpler } from "./shrink.ts";

/** Random lives, which shrink to the few things and changes that matter. */
class Lives extends fc.Arbitrary<Life> {
  override generate(random: fc.Random): fc.Value<Life> {
    return new fc.Value(lifeOf(diceOf(random)), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Life {
    return typeof value === "object" && value !== null && "events" in value;
  }

  override shrink(life: Life): fc.Stream<fc.Value<Life>> {
    return fc.stream(simpler(life)).map((simple) => new fc.Value(simple, undefined));
  }
}

export const lives: fc.Arbitrary<Life> = new Lives();
