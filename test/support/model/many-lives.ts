import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstSeed, isSoak, soakMinutes } from "../soak.ts";
import { livesOf } from "./arbitrary.ts";
import { type Ground, openGround } from "./ground.ts";
import { live } from "./run.ts";
import type { Sort } from "./sort.ts";

/** The number of random lives in a test run. A soak runs for the minutes in `SOAK_MINUTES`. */
export interface Extent {
  readonly seed: number;
  readonly minutes: number;
  /** The number of lives that fit into the minutes on a fast machine. */
  readonly most: number;
  /** The time for one event, in seconds. */
  readonly seconds?: number;
  /** The sort of the lives; the usual ones, if it is not given. */
  readonly sort?: Sort;
}

/** Declares the test of random lives. Each has its own seed. A test run always has the same seeds, and a soak new ones. */
export function manyLives(usual: Extent): void {
  const minutes = isSoak ? soakMinutes : usual.minutes;
  const first = firstSeed(usual.seed);
  const most = isSoak ? Infinity : usual.most;
  let ground: Ground;

  beforeAll(async () => {
    ground = await openGround(usual.sort?.isFar);
  });

  afterAll(() => ground[Symbol.asyncDispose]());

  test(
    "after any sequence of programs, the kernel matches the last program, and a destroy leaves nothing",
    async () => {
      let [lived, events] = [0, 0];
      const property = fc.asyncProperty(livesOf(usual.sort), async (life) => {
        try {
          await live(life, ground, usual);
        } catch (error) {
          // A new sandbox, so that the objects of a failed life do not affect the next one.
          await ground[Symbol.asyncDispose]();
          ground = await openGround(usual.sort?.isFar);
          throw error;
        }
        lived += 1;
        events += life.events.length;
      });
      const end = Date.now() + minutes * 60_000;
      // The time is checked only between lives, so that no life is interrupted.
      do {
        const plugins = [fc.interruptAfterTimeLimit(600_000)];
        await fc.assert(property, { numRuns: 1, seed: first + lived, plugins });
      } while (Date.now() < end && lived < most);
      console.log(`edits: ${lived} lives with ${events} events, ${Math.round(lived / minutes)} a minute`);
      expect(lived).toBeGreaterThan(0);
    },
    (minutes + 20) * 60_000,
  );
}
