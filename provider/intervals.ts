/** A range of whole numbers, including both ends. */
export type Interval = readonly [from: bigint, to: bigint];

/** Returns the ranges that cover exactly the same numbers: as few as possible, in ascending order. */
export function mergeIntervals(ranges: readonly Interval[]): Interval[] {
  const merged: [bigint, bigint][] = [];
  for (const [from, to] of ranges.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1n) last[1] = to > last[1] ? to : last[1];
    else merged.push([from, to]);
  }
  return merged;
}
