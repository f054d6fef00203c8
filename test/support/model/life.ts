import { damageTo } from "./damage.ts";
import { replacesOwn } from "./damage-routes.ts";
import { changesOwn } from "./damage-rules.ts";
import type { Dice } from "./dice.ts";
import { edited } from "./edits.ts";
import { type Flat, linksOf, routedBy } from "./flat.ts";
import { flatten } from "./flatten.ts";
import { adopting } from "./found.ts";
import { labOf } from "./generate.ts";
import type { Lab, Thing } from "./lab.ts";
import { handsOnNamed } from "./named.ts";
import { avoids, nothingRetained, type Retained, reachesNone, retainedAfter } from "./retained.ts";
import type { Sort } from "./sort.ts";
import { isValid } from "./valid.ts";

/** A sequence of events on one lab host, which is empty before and after it. */
export interface Life {
  /** The seed for the order of concurrent engine operations; undefined for the order of arrival. */
  readonly order: number | undefined;
  readonly events: readonly Event[];
}

/** The names of the stacks of a lab host. */
export const STACKS = ["one", "two"] as const;
export type StackId = (typeof STACKS)[number];

/** Returns the name of a stack in its marks and tables. */
export const nameOfStack = (stack: StackId): string => `model/${stack}`;

export type Event =
  | {
      readonly do: "up";
      readonly stack: StackId;
      readonly lab: Lab;
      /** The edits that led from the previous program to this one. */
      readonly by: readonly string[];
      /** The keys of the objects that were made by hand before it. */
      readonly found?: readonly number[];
    }
  | {
      readonly do: "crash";
      readonly stack: StackId;
      readonly lab: Lab;
      readonly by: readonly string[];
      /** The number of commands after which the provider and the engine die. */
      readonly after: number;
      readonly keeping: "steps" | "nothing";
      /** The program of the next up: the same, or at first the former one. */
      readonly then: "on" | "back";
    }
  | {
      /** An up that fails, and then one of the former program. */
      readonly do: "fail";
      readonly stack: StackId;
      readonly lab: Lab;
      readonly by: readonly string[];
      /** The number of changes after which the provider refuses all others. */
      readonly after: number;
      readonly then: "refresh" | "destroy";
    }
  | {
      /** A manual change. */
      readonly do: "drift";
      readonly stack: StackId;
      readonly commands: readonly (readonly string[])[];
    }
  | { readonly do: "destroy"; readonly stack: StackId };

/** Returns the stacks that have events in a life. */
export const stacksIn = ({ events }: Life): StackId[] =>
  STACKS.filter((stack) => events.some((event) => event.stack === stack));

/** The declared and the retained objects of the stacks at some point of a life. */
export interface Moment {
  readonly labs: Readonly<Record<StackId, Lab>>;
  readonly retained: Readonly<Record<StackId, Retained>>;
}

export const BEGINNING: Moment = {
  labs: { one: [], two: [] },
  retained: { one: nothingRetained, two: nothingRetained },
};

/** Returns the result of an event that succeeds. */
export function after({ labs, retained }: Moment, event: Event): Moment {
  if (event.do === "drift") return { labs, retained };
  const isBack = event.do === "fail" && event.then === "refresh";
  if (isBack) return { labs, retained };
  const lab = event.do === "up" || event.do === "crash" ? event.lab : [];
  const left = retainedAfter(retained[event.stack], labs[event.stack], lab);
  return { labs: { ...labs, [event.stack]: lab }, retained: { ...retained, [event.stack]: left } };
}

/** Returns a random life. */
export function lifeOf(dice: Dice, sort: Sort = {}): Life {
  const count = 1 + dice.below(6);
  const two = dice.chance(0.2);
  const events: Event[] = [];
  let now = BEGINNING;
  for (let turn = 0; turn < count; turn += 1) {
    const random = eventOf(dice, now, two ? dice.of(...STACKS) : "one", sort);
    const event = sort.adopts ? withFound(dice, now, random) : random;
    if (!isPossible(event, now)) continue;
    events.push(event);
    now = after(now, event);
  }
  return { order: dice.chance(0.5) ? undefined : dice.below(1_000_000), events };
}

function eventOf(dice: Dice, { labs }: Moment, stack: StackId, sort: Sort): Event {
  const lab = labs[stack];
  const others = othersOf(labs, stack);
  if (lab.length === 0) return { do: "up", stack, lab: labOf(dice, others, sort), by: [] };
  if (sort.byHand !== undefined && dice.chance(0.4))
    return { do: "drift", stack, commands: sort.byHand(dice, flatten(lab), nameOfStack(stack)) };
  const what = dice.of(
    "edit",
    "edit",
    "edit",
    "edit",
    "edit",
    "edit",
    "edit",
    "crash",
    "crash",
    "fail",
    "drift",
    "destroy",
  );
  if (what === "destroy" && dice.chance(0.5)) return { do: "destroy", stack };
  if (what === "drift") return { do: "drift", stack, commands: damageTo(dice, flatten(lab)) };
  const next = edited(dice, lab, others);
  if (what === "fail")
    return { do: "fail", stack, ...next, after: dice.below(12), then: dice.of("refresh", "destroy") };
  if (what !== "crash") return { do: "up", stack, ...next };
  return {
    do: "crash",
    stack,
    ...next,
    after: 1 + dice.below(25),
    keeping: dice.of("steps", "nothing"),
    then: dice.of("on", "back"),
  };
}

/** Returns an up before which objects of its program were made by hand. A program that may be refused, or that retains objects, finds none. */
function withFound(dice: Dice, { labs, retained }: Moment, event: Event): Event {
  if (event.do !== "up") return event;
  const keeps = ({ options }: Thing): boolean => Boolean(options?.protect ?? options?.retainOnDelete);
  const isLeft = STACKS.some((stack) => retained[stack].facts.size > 0);
  const former = labs[event.stack];
  return isLeft || [...former, ...event.lab].some(keeps) ? event : { ...event, ...adopting(dice, former, event.lab) };
}

const othersOf = (labs: Moment["labs"], stack: StackId): Flat[] =>
  STACKS.filter((other) => other !== stack).map((other) => flatten(labs[other]));

/** Returns true if an event is valid at a moment: its program can coexist with the others and with the objects that they retained. */
export function isPossible(event: Event, now: Moment): boolean {
  const { labs, retained } = now;
  if (event.do === "destroy") return true;
  // Damage to objects of several stacks, such as all rules or all routes of a place, is repaired in only one of them.
  if (event.do === "drift")
    return (
      labs[event.stack].length > 0 &&
      event.commands.every((words) => isOf(flatten(labs[event.stack]), words)) &&
      othersOf(labs, event.stack).every((other) => isSpared(other, event.commands))
    );
  const others = STACKS.filter((other) => other !== event.stack);
  const next = after(now, event);
  const flat = flatten(event.lab);
  return (
    (event.do !== "fail" || isReversible(labs[event.stack], event.lab)) &&
    isValid(event.lab, othersOf(labs, event.stack)) &&
    !handsOnNamed(labs[event.stack], event.lab) &&
    others.every((other) => avoids(flat, retained[other])) &&
    STACKS.every((stack) => reachesNone(flat, next.retained[stack]))
  );
}

/** Returns whether a command changes by hand nothing but what a lab declares. */
const isOf = (flat: Flat, words: readonly string[]): boolean => replacesOwn(flat, words) && changesOwn(flat, words);

/** Returns whether a program can follow another one and be followed by it: the objects of neither must stay. */
const isReversible = (before: Lab, lab: Lab): boolean =>
  !handsOnNamed(lab, before) &&
  [...before, ...lab].every(({ options }) => !options?.protect && !options?.retainOnDelete);

/** Returns whether commands that flush all rules or routes of a place delete nothing of a stack. */
function isSpared(flat: Flat, commands: readonly (readonly string[])[]): boolean {
  const flushed = (what: string): boolean => commands.some((words) => words.includes("flush") && words.includes(what));
  const { rules, filters, routes } = flat;
  const hasRoutes = routes.length > 0 || linksOf(flat).some((link) => link.gateways.length + routedBy(link).length > 0);
  return !(flushed("ruleset") && rules.length + filters.length > 0) && !(flushed("route") && hasRoutes);
}

/** Returns true if each event is valid when it occurs. */
export function isLife({ events }: Life): boolean {
  let now = BEGINNING;
  return events.every((event) => {
    const possible = isPossible(event, now);
    if (possible) now = after(now, event);
    return possible;
  });
}
