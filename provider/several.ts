import * as v from "valibot";
import { mergeIntervals } from "./intervals.ts";
import { oneInText } from "./list-in-text.ts";
import { field, hasUnknown } from "./schema.ts";

/**
 * Declares a value, or a list of values any of which matches. An empty list, which matches nothing, is rejected.
 *
 * @param normal Returns the normal form of the values: sorted, without those that others cover. It is one value if one is left.
 */
export function several<T>(item: v.GenericSchema<unknown, T>, normal: (values: readonly T[]) => readonly T[]) {
  const inForm = (values: readonly T[]): T | T[] => {
    if (hasUnknown(values)) return [...values];
    const inOrder = normal(values);
    const [first, ...others] = inOrder;
    return first === undefined || others.length > 0 ? [...inOrder] : first;
  };
  const one = oneInText(item);
  const list = v.pipe(
    v.array(field(one)),
    v.nonEmpty("the list is empty, so the rule would match nothing; omit the argument to match everything"),
    v.transform((values) => inForm(values)),
  );
  const single = v.pipe(
    one,
    v.transform((value) => inForm([value])),
  );
  return v.lazy((input): v.GenericSchema<unknown, T | T[]> => (Array.isArray(input) ? list : single));
}

/** Returns the values of an argument that is one value or a list. */
export const valuesOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** Returns the values in the order of a list of words. */
export const inOrderOf =
  <T extends string | number>(words: readonly T[]) =>
  (values: readonly T[]): T[] =>
    words.filter((word) => values.includes(word));

/** Returns a function that sorts values by a key and omits duplicates. */
export const sorted =
  <T>(keyOf: (value: T) => number | string) =>
  (values: readonly T[]): T[] =>
    [...new Set(values)].toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));

/** Returns ports and ranges of ports, merged and in ascending order. */
export const mergePorts = (values: readonly (number | string)[]): (number | string)[] =>
  mergeIntervals(values.map(portRange)).map(([from, to]) => (from === to ? Number(from) : `${from}-${to}`));

/** Returns the range of a port or a range of ports. */
export function portRange(value: number | string): readonly [bigint, bigint] {
  const [from = "0", to = from] = String(value).split("-");
  return [BigInt(from), BigInt(to)];
}
