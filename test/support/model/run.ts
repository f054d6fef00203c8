import { setTimeout as pause } from "node:timers/promises";
import { asItComes, shuffled } from "../engine/order.ts";
import { Refusal } from "../engine/refusing.ts";
import { Crash } from "../mortal.ts";
import { type Difference, differences, sayDifference } from "./compare.ts";
import { deleteLink, deleteNamespace } from "./damage.ts";
import { isOfRules } from "./damage-rules.ts";
import { expectedFacts } from "./facts.ts";
import { Fault } from "./fault.ts";
import { type At, type Flat } from "./flat.ts";
import { flatten } from "./flatten.ts";
import { expectFlow, expectNearFlow } from "./flow.ts";
import { commandsThatMake } from "./found.ts";
import { type Ground, runTyped } from "./ground.ts";
import type { Lab } from "./lab.ts";
import { inProcess, type LabEngine, type LabRun, type OpenLabEngine } from "./lab-engine.ts";
import {
  after,
  BEGINNING,
  type Event,
  isPossible,
  type Life,
  type Moment,
  nameOfStack,
  STACKS,
  type StackId,
  stacksIn,
} from "./life.ts";
import { observe } from "./observe.ts";
import { deletionsOfOthers, rulesOfOthers } from "./observe-rules.ts";
import { expectPlanned, freedFrom } from "./planned.ts";
import { within } from "./within.ts";

/**
 * Runs a life to its end and checks that all of its objects are deleted.
 *
 * @throws Fault if a result differs from the programs or from the engine's options. The ground is then in an undefined state.
 */
export async function live(
  life: Life,
  on: Ground,
  { open = inProcess, seconds = 30 }: LiveOptions = {},
): Promise<void> {
  const ground: Site = { ...on, ruled: ruledIn(life), hasOthers: life.events.some(changesRules) };
  const limited = <T>(at: number, work: Promise<T>): Promise<T> => within(seconds, at, work);
  const order = life.order === undefined ? asItComes : shuffled(life.order);
  const engines = Object.fromEntries(STACKS.map((stack) => [stack, open(ground, stack, order)])) as Record<
    StackId,
    LabEngine
  >;
  let now = BEGINNING;
  for (const [at, event] of life.events.entries()) {
    // An earlier event may have failed because of protected resources, so another stack may still have a name.
    if (!isPossible(event, now)) continue;
    const done = await limited(at, happen(event, { at, now, engine: engines[event.stack], ground }));
    if (done) now = after(now, event);
  }
  const last = life.events.length;
  await expectNearFlow(last, now, ground.machines);
  for (const stack of stacksIn(life)) {
    const event: Event = { do: "destroy", stack };
    await limited(last, end({ at: last, now, engine: engines[stack], ground }, stack));
    now = after(now, event);
  }
  await clean(now, ground, last);
}

/** The engine of a life, and how long one of its events may take. */
export interface LiveOptions {
  readonly open?: OpenLabEngine;
  readonly seconds?: number;
}

interface Scene {
  readonly at: number;
  readonly now: Moment;
  readonly engine: LabEngine;
  readonly ground: Site;
}

/** The ground of a life, with the places in which it creates rules. */
type Site = Pick<Ground, "machines" | "before" | "kernel"> & {
  readonly ruled: readonly At[];
  /** Whether rules of others may be in the tables of its stacks. */
  readonly hasOthers: boolean;
};

/** Returns whether an event changes the tables of stacks by hand. */
const changesRules = (event: Event): boolean => event.do === "drift" && event.commands.some(isOfRules);

const ruledIn = ({ events }: Life): At[] => [
  ...new Set(events.flatMap((event) => ("lab" in event ? ruledAt(flatten(event.lab)) : []))),
];

const ruledAt = ({ rules, filters }: Flat): At[] => [...rules, ...filters].map(({ at }) => at);

/** Runs an event, with the checks of a careful user after it; returns whether it was permitted. */
async function happen(event: Event, scene: Scene): Promise<boolean> {
  const { at, now, engine, ground } = scene;
  const lab = "lab" in event ? event.lab : now.labs[event.stack];
  const next = after(now, event);
  switch (event.do) {
    case "up":
      for (const command of commandsThatMake(event.lab, event.found ?? [])) await runTyped(ground.machines, command);
      return settle(scene, next, lab);
    case "crash": {
      const planned = await engine.preview(lab);
      if (isForbidden(planned)) return false;
      const run = await engine.up(lab, { dieAfter: event.after, keeping: event.keeping });
      if (run.failure !== undefined && !(run.failure instanceof Crash)) throw fault(at, "the up that is to die", run);
      if (run.failure !== undefined && event.keeping === "nothing" && event.then === "back") {
        // Objects that the run has created may remain, and belong to the next program.
        const back = await engine.up(now.labs[event.stack]);
        if (back.failure !== undefined) throw fault(at, "the up of the former program after a crash", back);
        expectNothing(at, "the refresh of the former program after a crash", await engine.refresh());
      }
      if (!(await settle(scene, next, lab))) throw new Fault(at, "the up after a crash", "is not allowed");
      return true;
    }
    case "fail": {
      const run = await engine.up(lab, { failAfter: event.after });
      if (run.failure !== undefined && !(run.failure instanceof Refusal))
        throw fault(at, "the up that is to fail", run);
      const former = now.labs[event.stack];
      const back = await engine.up(former);
      if (back.failure !== undefined) throw fault(at, "the up of the former program", back);
      expectNothing(at, "a second up of the former program", await engine.up(former));
      if (event.then === "destroy") return happen({ do: "destroy", stack: event.stack }, scene);
      expectNothing(at, "the refresh of the former program", await engine.refresh());
      return settle(scene, now, former);
    }
    case "drift": {
      for (const command of event.commands) await runTyped(ground.machines, command);
      // The kernel deletes objects asynchronously.
      await pause(50);
      const others = await othersAt(ground, event);
      const found = await engine.refresh();
      if (found.failure !== undefined) throw fault(at, "the refresh after a drift", found);
      const isSettled = await settle(scene, next, lab);
      const left = await othersAt(ground, event);
      if (left.join() !== others.join())
        throw new Fault(at, "the rules of others", `were ${others.join(", ")}, and are ${left.join(", ")}`);
      return isSettled;
    }
    case "destroy": {
      const run = await engine.destroy();
      if (isForbidden(run)) {
        // Protected resources and their dependencies stay; the program creates the others again.
        await settle(scene, now, lab);
        return false;
      }
      if (run.failure !== undefined) throw fault(at, "destroy", run);
      await expectKernel(scene, "the kernel after a destroy", next);
      return true;
    }
  }
}

/** Returns the rules of others in the tables of stacks after a manual change, if it is one of rules. */
async function othersAt({ machines, ruled }: Site, event: Event): Promise<string[]> {
  return changesRules(event) ? rulesOfOthers(await observe(machines, ruled)) : [];
}

/** Previews and applies a program, and checks that the result matches it and that nothing is left to do. */
async function settle(scene: Scene, next: Moment, lab: Lab): Promise<boolean> {
  const { at, now, engine } = scene;
  const planned = await engine.preview(lab);
  if (isForbidden(planned)) {
    await expectKernel(scene, "the kernel after a preview", now);
    return false;
  }
  if (planned.failure !== undefined) throw fault(at, "preview", planned);
  const before = await engine.dependencies();
  const done = await engine.up(lab);
  if (done.failure !== undefined) throw fault(at, "up", done);
  await expectKernel(scene, "the kernel", next);
  await expectFlow(at, next, scene.ground.machines);
  expectPlanned(at, planned.steps, done.steps, freedFrom(before, await engine.dependencies()));
  expectNothing(at, "a second up", await engine.up(lab));
  expectNothing(at, "a refresh", await engine.refresh());
  expectNothing(at, "an up after the refresh", await engine.up(lab));
  return true;
}

/** Destroys a stack at the end of a life, including protected resources. */
async function end(scene: Scene, stack: StackId): Promise<void> {
  const { at, now, engine } = scene;
  const lab = now.labs[stack];
  if (lab.some(({ options }) => options?.protect)) {
    const run = await engine.up(lab.map((thing) => ({ ...thing, options: { ...thing.options, protect: false } })));
    if (run.failure !== undefined) throw fault(at, "an up that protects nothing", run);
  }
  const run = await engine.destroy();
  if (run.failure !== undefined) throw fault(at, "destroy", run);
  await expectKernel(scene, "the kernel after a destroy", after(now, { do: "destroy", stack }));
}

/** Deletes by hand the objects that programs retained on purpose, and the rules that were added by hand. */
async function clean({ retained }: Moment, ground: Site, at: number): Promise<void> {
  if (ground.hasOthers)
    for (const command of deletionsOfOthers(await observe(ground.machines, ground.ruled)))
      await runTyped(ground.machines, command);
  const facts = STACKS.flatMap((stack) => [...retained[stack].facts]);
  if (facts.length === 0) return;
  for (const fact of facts.sort().reverse()) {
    const [, name = ""] = fact.split(" ");
    const [place = "", link = ""] = name.split("/");
    const command = fact.startsWith("namespace ") ? deleteNamespace(name) : deleteLink(place, link);
    await runTyped(ground.machines, command);
  }
  await expectKernel({ at, ground }, "the kernel after all", BEGINNING);
}

/** Expects the kernel to match the programs exactly, at once or shortly. */
async function expectKernel(
  { at, ground }: Pick<Scene, "at" | "ground">,
  stage: string,
  moment: Moment,
): Promise<void> {
  const should = expectedFacts(
    ground.before,
    STACKS.map((stack) => ({ stack: nameOfStack(stack), flat: flatten(moment.labs[stack]) })),
  );
  const retained = new Set(STACKS.flatMap((stack) => [...moment.retained[stack].facts]));
  let found: readonly Difference[] = [];
  for (const wait of WAITS) {
    await pause(wait);
    found = differences(await observe(ground.machines, ground.ruled), should, retained);
    if (found.length === 0) return;
  }
  throw new Fault(at, stage, found.map(sayDifference).join("\n  "));
}

/** In milliseconds: the links of a deleted namespace disappear with a short delay. */
const WAITS = [0, 20, 50, 100, 200, 400, 800];

const fault = (at: number, stage: string, { failure }: LabRun): Fault =>
  new Fault(at, stage, `failed: ${failure?.message ?? ""}`);

/** Returns true if a run was refused because a resource is protected. */
const isForbidden = ({ failure }: LabRun): boolean =>
  /is protected and cannot be|because it is protected|is currently marked for protection/.test(failure?.message ?? "");

function expectNothing(at: number, stage: string, run: LabRun): void {
  if (run.failure !== undefined) throw fault(at, stage, run);
  if (run.steps.length > 0) throw new Fault(at, stage, run.steps.join(", "));
}
