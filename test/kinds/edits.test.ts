import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lives } from "../support/model/arbitrary.ts";
import { type Ground, openGround } from "../support/model/ground.ts";
import { live } from "../support/model/run.ts";

const soak = process.env["SOAK_MINUTES"];
const minutes = Number(soak ?? 0.5);
/** Each life has a seed of its own. A test run always lives the same ones, and a soak new ones. */
const firstSeed = Number(process.env["EDITS_SEED"] ?? (soak === undefined ? 8 : Date.now() % 1_000_000_000));
/** As many as take their time on a slow machine. */
const most = soak === undefined ? 17 : Infinity;

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
        await live(life, ground);
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
      await fc.assert(property, { numRuns: 1, seed: firstSeed + lived, interruptAfterTimeLimit: 300_000 });
    } while (Date.now() < end && lived < most);
    console.log(`edits: ${lived} lives with ${events} events, ${Math.round(lived / minutes)} a minute`);
    expect(lived).toBeGreaterThan(0);
  },
  (minutes + 10) * 60_000,
);
