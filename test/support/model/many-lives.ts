import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lives } from "./arbitrary.ts";
import { type Ground, openGround } from "./ground.ts";
import { live } from "./run.ts";

/** How many lives a test run has. A soak takes as many minutes as its variable says. */
export interface Extent {
  readonly seed: number;
  readonly minutes: number;
  /** The number of lives that fit into the minutes on a fast machine. */
  readonly most: number;
  /** The time for one event, in seconds. */
  readonly seconds?: number;
}

/** Declares the test of random lives. Each has a seed of its own. A test run always lives the same ones, and a soak new ones. */
export function manyLives(usual: Extent): void {
  const soak = process.env["SOAK_MINUTES"];
  const minutes = Number(soak ?? usual.minutes);
  const firstSeed = Number(process.env["EDITS_SEED"] ?? (soak === undefined ? usual.seed : Date.now() % 1_000_000_000));
  const most = soak === undefined ? usual.most : Infinity;
  let ground: Ground;

  beforeAll(async () => {
    ground = await openGround();
  });

  afterAll(() => ground[Symbol.asyncDispose]());

  test(
    "whichever program comes after whichever other, the kernel has what the last one says, and a destroy leaves nothing",
    async () => {
      let [lived, events] = [0, 0];
      const property = fc.asyncProperty(lives, async (life) => {
        try {
          await live(life, ground, usual);
        } catch (error) {
          // What is left of a life that went wrong is none of the next one's business.
          await ground[Symbol.asyncDispose]();
          ground = await openGround();
          throw error;
        }
        lived += 1;
        events += life.events.length;
      });
      const end = Date.now() + minutes * 60_000;
      // The clock is read between lives: one that is under way is never left to itself.
      do {
        await fc.assert(property, { numRuns: 1, seed: firstSeed + lived, interruptAfterTimeLimit: 600_000 });
      } while (Date.now() < end && lived < most);
      console.log(`edits: ${lived} lives with ${events} events, ${Math.round(lived / minutes)} a minute`);
      expect(lived).toBeGreaterThan(0);
    },
    (minutes + 20) * 60_000,
  );
}
