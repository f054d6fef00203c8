import { areInOrder } from "./address-order.ts";
import { type Facts, isExistence, NOTED } from "./fact-names.ts";

/** One difference from the expected state. */
export interface Difference {
  readonly fact: string;
  readonly has: string | undefined;
  readonly should: string | undefined;
}

/** Returns the differences between the kernel and its expected state. Objects that programs retained on purpose may exist. */
export function differences(has: Facts, should: Facts, retained: ReadonlySet<string>): Difference[] {
  const lacking = [...should].filter(([fact, text]) => !same(fact, has.get(fact), text, retained));
  const more = [...has].filter(
    ([fact, text]) => isExistence(fact) && !should.has(fact) && !same(fact, text, undefined, retained),
  );
  return [...lacking, ...more].map(([fact]) => ({ fact, has: has.get(fact), should: should.get(fact) }));
}

function same(
  fact: string,
  has: string | undefined,
  should: string | undefined,
  retained: ReadonlySet<string>,
): boolean {
  // The contents of notes are internal to the provider, but a note of an object that is being created must not remain.
  if (fact.startsWith("notes ") && should === NOTED) return !has?.includes(":making:");
  if (has === should || ((has ?? "") === "" && (should ?? "") === "")) return true;
  if (should === undefined && retained.has(fact)) return true;
  // The neighbours of a retained link remain with it.
  if (should === undefined && retained.has(fact.replace(/^neighbors /, "link "))) return true;
  if (fact.startsWith("order ")) return areInOrder(lines(has), lines(should));
  if (!fact.startsWith("routes ")) return false;
  const left = lines(has).filter(
    (line) => !isOver(retained, fact.slice("routes ".length), line) || lines(should).includes(line),
  );
  return left.join("\n") === lines(should).join("\n");
}

const lines = (text: string | undefined): string[] => (text ?? "").split("\n").filter((line) => line !== "");

/** Returns true if a route goes through a retained link. */
const isOver = (retained: ReadonlySet<string>, place: string, route: string): boolean =>
  retained.has(`link ${place}/${/ dev (\S+)/.exec(route)?.[1]}`);

export const sayDifference = ({ fact, has, should }: Difference): string =>
  `${fact}: has ${say(has)}, should have ${say(should)}`;

const say = (text: string | undefined): string => (text === undefined ? "nothing" : JSON.stringify(text));
