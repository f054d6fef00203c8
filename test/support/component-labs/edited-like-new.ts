import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linux } from "../../../provider/kernel/client/linux.ts";
import { type Sandbox, SOON, sandbox, traces } from "../../../tools/sandbox.ts";
import { succeeds } from "../edited.ts";
import { type Order, shuffled } from "../engine/order.ts";
import { type Engine, openEngine } from "../engine.ts";
import { QUIET } from "../quiet.ts";
import { firstSeed, soakMinutes } from "../soak.ts";
import { wholeState } from "../whole-state.ts";
import { editedLabs } from "./generate.ts";
import type { ComponentLab } from "./lab.ts";
import { declare } from "./program.ts";

/** The number of random sequences of labs in a test run. A soak runs for the minutes in `SOAK_MINUTES`, with new seeds. */
interface Extent {
  readonly sequences: number;
  /** Whether the labs have VLANs and netem. */
  readonly isFull: boolean;
}

/** Declares the test that a lab which is edited until it has some program equals a new lab with that program. */
export function editedLikeNew({ sequences, isFull }: Extent): void {
  const end = Date.now() + soakMinutes * 60_000;
  const first = firstSeed(1);
  let edited: Sandbox;
  let fresh: Sandbox;

  beforeAll(async () => {
    [edited, fresh] = await Promise.all([sandbox(), sandbox()]);
  });

  afterAll(async () => {
    await Promise.all([edited[Symbol.asyncDispose](), fresh[Symbol.asyncDispose]()]);
  });

  async function sequence(labs: readonly ComponentLab[], order: number): Promise<void> {
    const before = await traces(edited);
    const engine = engineOn(edited, shuffled(order));
    for (const lab of labs) {
      const program = () => declare(lab, isFull);
      const other = engineOn(fresh);
      succeeds(await other.up(program));
      const planned = succeeds(await engine.preview(program));
      expect(succeeds(await engine.up(program))).toEqual(planned);
      const wanted = await wholeState(fresh);
      await expect.poll(async () => difference(wanted, await wholeState(edited)), SOON).toBe("");
      expect(succeeds(await engine.up(program))).toEqual([]);
      expect(succeeds(await engine.refresh())).toEqual([]);
      succeeds(await other.destroy());
    }
    succeeds(await engine.destroy());
    await expect.poll(() => traces(edited), SOON).toBe(before);
  }

  test(
    "a lab after any edits equals a new lab with the same program, and is deleted",
    async () => {
      const property = fc.asyncProperty(editedLabs, fc.nat(), sequence);
      let ran = 0;
      // The time is checked only between sequences, so that none is interrupted.
      do {
        await fc.assert(property, { numRuns: 1, seed: first + ran, endOnFailure: true });
        ran += 1;
      } while (ran < sequences || Date.now() < end);
    },
    soakMinutes * 60_000 + 600_000,
  );
}

/** Returns the lines that only one of two states has. */
function difference(wanted: readonly string[], found: readonly string[]): string {
  const missing = wanted.filter((line) => !found.includes(line)).map((line) => `- ${line}`);
  const more = found.filter((line) => !wanted.includes(line)).map((line) => `+ ${line}`);
  return [...missing, ...more].join("\n");
}

const engineOn = (host: Sandbox, order?: Order): Engine =>
  openEngine({
    ...{ project: "labs", stack: "dev", kernel: () => linux(host.enter, host.root), config: QUIET },
    ...(order && { order }),
  });
