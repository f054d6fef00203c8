import { isDeepStrictEqual } from "node:util";

/** A property whose value in the kernel differs from the state. */
export interface Drift {
  /** The property's name; within a group, with dots: `a.mtu`. */
  readonly property: string;
  /** The value in the state; undefined if there is none. */
  readonly was: unknown;
  /** The value in the kernel; undefined if there is none. */
  readonly is: unknown;
}

/** Returns the drift of each part of a map, such as one of several files; another drift is its only part. */
export function partsOf({ property, was, is }: Drift): readonly Drift[] {
  if (!isMap(was) || !isMap(is)) return [{ property, was, is }];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) =>
    isDeepStrictEqual(was[key], is[key]) ? [] : [{ property: `${property}.${key}`, was: was[key], is: is[key] }],
  );
}

/**
 * Returns the texts of a drift for the user: the value in the state and the value in the kernel. A list of groups, such as the rules of a
 * chain, has one text for each item that only one of them has, and for each property of an item that differs in less than half of them.
 */
export function driftTexts({ property, was, is }: Drift): readonly string[] {
  if ([was, is].some(isListOfMaps)) return textsOfItems(property, listOf(was), listOf(is));
  const line = differentLine(was, is);
  if (line !== undefined) return [`${property} line ${line.number} ${valueText(line.was)} → ${valueText(line.is)}`];
  return [`${property} ${valueText(was)} → ${valueText(is)}`];
}

function textsOfItems(property: string, was: readonly unknown[], is: readonly unknown[]): readonly string[] {
  const only = (list: readonly unknown[], other: readonly unknown[]) =>
    [...list.entries()].filter(([, item]) => !other.some((one) => isDeepStrictEqual(one, item)));
  const [lost, added] = [only(was, is), new Map(only(is, was))];
  const texts = [
    ...lost.flatMap(([index, item]) => {
      const now = added.get(index);
      if (!isMap(item) || !isMap(now) || !isChanged(item, now))
        return [`${property}[${index}] ${valueText(item)} → none`];
      added.delete(index);
      return partsOf({ property: `${property}[${index}]`, was: item, is: now }).flatMap(driftTexts);
    }),
    ...[...added].map(([index, item]) => `${property}[${index}] none → ${valueText(item)}`),
  ];
  if (texts.length > 0) return texts;
  return [`${property} ${was.length === is.length ? "in another order" : `${was.length} items → ${is.length} items`}`];
}

/** Returns whether two items of a list are the same one with other values: most of their properties are equal. */
function isChanged(was: Item, is: Item): boolean {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return keys.filter((key) => isDeepStrictEqual(was[key], is[key])).length * 2 > keys.length;
}

/** Returns the first line that differs between two texts of several lines. */
function differentLine(was: unknown, is: unknown) {
  if (typeof was !== "string" || typeof is !== "string" || !`${was}${is}`.includes("\n")) return undefined;
  const [before, now] = [was.split("\n"), is.split("\n")];
  const index = Math.max(before.length, now.length) - 1;
  const at = Array.from({ length: index }, (_, line) => line).find((line) => before[line] !== now[line]) ?? index;
  return { number: at + 1, was: before[at], is: now[at] };
}

function valueText(value: unknown): string {
  if (value === undefined) return "none";
  if (typeof value !== "string") return JSON.stringify(value);
  return value.includes("\n") ? `${value.split("\n").length} lines` : value;
}

const isListOfMaps = (value: unknown): boolean => listOf(value).some(isMap);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

type Item = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Item => typeof value === "object" && value !== null && !Array.isArray(value);
