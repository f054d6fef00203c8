import fc from "fast-check";
import { expect, test } from "vitest";
import { livesOf } from "../support/model/arbitrary.ts";
import { openGround } from "../support/model/ground.ts";
import { type Life, type StackId, stacksIn } from "../support/model/life.ts";
import { openPulumi, type PulumiEngine } from "../support/model/pulumi-engine.ts";
import { live } from "../support/model/run.ts";
import { firstSeed, isSoak, soakMinutes } from "../support/soak.ts";

/** Each life has its own seed. */
const first = firstSeed(45);
/** Without a soak, only the beginning of one life is run: test/kinds/edits.test.ts has more, with the in-process engine. */
const MOST_EVENTS = isSoak ? 4 : 2;

/** Runs the beginning of a life on Pulumi's engine. If it fails, the engine's processes end with the sandbox. */
async function liveOnPulumi(life: Life): Promise<number> {
  const beginning = { ...life, events: life.events.slice(0, MOST_EVENTS) };
  await using ground = await openGround();
  const engines = {} as Record<StackId, PulumiEngine>;
  for (const stack of stacksIn(beginning))
    engines[stack] = await openPulumi(ground.host, stack, life.order === undefined);
  try {
    await live(beginning, ground, { open: (_ground, stack) => engines[stack], seconds: 240 });
  } finally {
    for (const stack of stacksIn(beginning)) await engines[stack][Symbol.asyncDispose]();
  }
  return beginning.events.length;
}

test(
  "for any sequence of programs, Pulumi's engine leaves the kernel as the last program declares",
  async () => {
    let [lived, events] = [0, 0];
    const property = fc.asyncProperty(livesOf(), async (life) => {
      events += await liveOnPulumi(life);
      lived += 1;
    });
    const end = Date.now() + soakMinutes * 60_000;
    // The time is checked between lives only, so that no life is interrupted with a running engine and provider.
    do {
      await fc.assert(property, { numRuns: 1, seed: first + lived, endOnFailure: true });
    } while (Date.now() < end);
    console.log(`model: ${lived} lives with ${events} events`);
    expect(events).toBeGreaterThan(0);
  },
  (soakMinutes + 20) * 60_000,
);
