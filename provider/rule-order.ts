/*
 * Rules that apply in the order of the program. Each refers to its predecessor, so inserting a rule between two others changes
 * only the rule after it, and the order can be derived from the rules alone, in whatever order they are listed.
 */

/** A rule, and its predecessor. */
export interface LinkedRule {
  readonly id: string;
  readonly after: string | undefined;
}

/**
 * Sorts rules so that each follows its predecessor. Rules whose predecessor is not in the list, and rules with the same
 * predecessor (as when the link of one of them is about to change), keep the given order.
 */
export function sortByLinks<T extends LinkedRule>(rules: readonly T[]): T[] {
  const ids = new Set(rules.map(({ id }) => id));
  const followers = Map.groupBy(rules, ({ after }) => (after !== undefined && ids.has(after) ? after : undefined));
  const ordered = new Set<T>();

  function visit(rule: T): void {
    const waiting = [rule];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (ordered.has(next)) continue;
      ordered.add(next);
      waiting.push(...(followers.get(next.id) ?? []).toReversed());
    }
  }

  for (const rule of followers.get(undefined) ?? []) visit(rule);
  // Cyclic links, as when two rules swap places and the link of one of them has not been changed yet.
  for (const rule of rules) visit(rule);
  return [...ordered];
}

/** Returns the positions of a longest ascending subsequence, so that only the other items must move. */
export function longestIncreasing(numbers: readonly number[]): Set<number> {
  const before: (number | undefined)[] = [];
  /** For each length, the position of the smallest number that ends an ascending subsequence of that length. */
  const ends: number[] = [];
  for (const [position, number] of numbers.entries()) {
    const length = ends.findIndex((end) => (numbers[end] ?? 0) >= number);
    const at = length === -1 ? ends.length : length;
    before.push(ends[at - 1]);
    ends[at] = position;
  }
  const row = new Set<number>();
  for (let position = ends.at(-1); position !== undefined; position = before[position]) row.add(position);
  return row;
}
