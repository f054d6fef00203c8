import { afterAll, beforeAll, expect, test } from "vitest";
import { SOON } from "../../tools/sandbox.ts";
import { pictureOf } from "./kernel-picture.ts";
import { type Door, type Lab, type LabResource, openLab } from "./lab.ts";
import { Crash } from "./mortal.ts";
import { expectCleaned, expectSeen } from "./seen-and-cleaned.ts";
import { taking, turns } from "./turns.ts";

/** Resources, each with the link that it is on: with another link, the resource is replaced, as by the engine. */
export type Program = readonly (readonly [type: string, name: string, args: object, on?: string | undefined])[];

/** A change that a crash interrupts. */
export interface Step {
  readonly from: Program;
  readonly to: Program;
}

export const nothing: Program = [];

/**
 * Declares the tests of changes whose provider process is killed after some number of changing commands: the next run must complete each.
 *
 * @param stride The number of commands from one kill to the next.
 */
export function finishesAfterCrash(steps: Readonly<Record<string, Step>>, stride = 1): void {
  beforeAll(async () => {
    lab = await openLab();
    untouched = await picture();
  });

  afterAll(() => lab[Symbol.asyncDispose]());

  test.each(
    turns(KEEPING).flatMap((turn) =>
      Object.entries(steps).map(([what, step], index) => [what, turn.join(" or "), turn, step, index] as const),
    ),
  )(
    "%s: the next run completes it after a kill at any command, with the state %s",
    async (_what, _ways, turn, { from, to }, index) => {
      let states: States = new Map();
      await run(lab.nextRun(), from, states);
      const start = await settled();
      const whole = lab.nextRun();
      await run(whole, to, states);
      const wanted = await settled();

      for (const [kill, commands] of killsOf(whole.executed(), stride).entries()) {
        await run(lab.nextRun(), from, states);
        await expect.poll(picture, SOON).toBe(start);
        const saved = new Map(states);
        expect([commands, await crashes(commands, to, states)]).toEqual([commands, true]);
        if (taking(turn, index + kill) === "lost with the run") states = saved;
        await run(lab.nextRun(), to, states);
        expect([commands, await drift(states)]).toEqual([commands, []]);
        await expect.poll(picture, SOON).toBe(wanted);
      }
      await run(lab.nextRun(), nothing, states);
      expect(await picture()).toBe(untouched);
    },
    600_000,
  );
}

/** Declares a test that the plugin creates the same objects in changes as the dynamic provider, reports no drift, and leaves nothing. */
export function sameByThePlugin(steps: readonly Step[]): void {
  test("the plugin creates the same objects as the dynamic provider, reports no drift, and leaves nothing", async () => {
    const [wanted, found] = [await pictures("dynamic", steps), await pictures("plugin", steps)];
    for (const [index, one] of wanted.entries()) expect(found[index]).toBe(one);
  }, 600_000);
}

/**
 * Declares a test that a stack whose state is lost gets its objects back by imports, that the same program then changes nothing, and that
 * `status` and `clean` find them.
 *
 * @param without The kinds whose objects cannot be imported.
 */
export function importsByIds(programs: readonly Program[], without: readonly string[]): void {
  test("objects without a state are imported by their ids, the same program then changes nothing, and status and clean find them", async () => {
    lab = await openLab("plugin");
    await using _closed = lab;
    const start = await picture();
    for (const program of programs) {
      const states: States = new Map();
      await run(lab.nextRun(), program, states);
      const before = await settled();
      const process = lab.nextRun();
      for (const [type, name] of program) {
        const id = states.get(name)?.id ?? "";
        const resource = process.resource(type, name);
        if (without.includes(type)) await expect(resource.import(id)).rejects.toThrow(/cannot be imported/);
        else {
          await resource.import(id);
          states.set(name, { type, id: resource.id, outputs: resource.outputs });
        }
      }
      await run(lab.nextRun(), program, states);
      expect(await settled()).toBe(before);
      expect(await drift(states)).toEqual([]);
      await expectSeen(lab, states);
      await expectCleaned(lab, states);
      await run(lab.nextRun(), nothing, states);
      expect(await picture()).toBe(start);
    }
  }, 600_000);
}

/** Runs changes with one of the two providers, and returns the picture before and after each. */
async function pictures(door: Door, steps: readonly Step[]): Promise<string[]> {
  lab = await openLab(door);
  await using _closed = lab;
  const start = await picture();
  const taken: string[] = [];
  for (const { from, to } of steps) {
    const states: States = new Map();
    for (const program of [from, to]) {
      await run(lab.nextRun(), program, states);
      expect(await drift(states)).toEqual([]);
      // A mark contains the type of the resource in the program, which differs.
      taken.push((await settled()).replaceAll(/@[0-9a-f]{8}\b/g, ""));
    }
    await run(lab.nextRun(), nothing, states);
    expect(await picture()).toBe(start);
  }
  expect(new Set(taken).size).toBe(2 * steps.length);
  return taken;
}

const KEEPING = ["kept after each resource", "lost with the run"];

/** Returns the numbers of commands after which a change of so many commands is killed: at least one, in the middle of each stride. */
function killsOf(commands: number, stride: number): number[] {
  const step = Math.min(stride, commands + 1);
  const first = Math.floor(step / 2);
  return Array.from({ length: commands + 1 }, (_, index) => index).filter((index) => (index - first) % step === 0);
}

type States = Map<string, { type: string } & Pick<LabResource, "id" | "outputs">>;

let lab: Lab;
let untouched: string;

const picture = (): Promise<string> => pictureOf(lab);

/** Returns the picture when it no longer changes: a process of a program has another name until it executes its command. */
async function settled(): Promise<string> {
  let [before, now] = [await picture(), await picture()];
  for (let turns = 0; before !== now && turns < 20; turns += 1) [before, now] = [now, await picture()];
  return now;
}

/** Runs the program: brings up its resources in order, then destroys those that it no longer declares, in reverse order. */
async function run(on: Lab, program: Program, states: States): Promise<void> {
  const old = [...states];
  for (const [type, name, args, link] of program) {
    const resource = on.resource(type, name);
    resource.resume(states.get(name));
    await resource.up(args, { atHome: "namespace" in args, ...(link !== undefined && { on: [link] }) });
    states.set(name, { type, id: resource.id, outputs: resource.outputs });
  }
  for (const [name, state] of old.reverse()) {
    if (program.some(([, wanted]) => wanted === name)) continue;
    const resource = on.resource(state.type, name);
    resource.resume(state);
    await resource.destroy();
    states.delete(name);
  }
}

/** Returns the resources that a refresh by a new provider process reports as changed. */
async function drift(states: States): Promise<string[]> {
  const process = lab.nextRun();
  const found = await Promise.all(
    [...states].map(async ([name, state]) => {
      const resource = process.resource(state.type, name);
      resource.resume(state);
      const seen = await resource.refresh();
      return seen === "gone" || seen.length > 0 ? [`${name}: ${String(seen)}`] : [];
    }),
  );
  return found.flat();
}

/** Runs the program until a number of commands, and returns whether that killed the run. */
async function crashes(commands: number, to: Program, states: States): Promise<boolean> {
  try {
    await run(lab.nextRun(commands), to, states);
    return false;
  } catch (error) {
    if (error instanceof Crash) return true;
    throw error;
  }
}
