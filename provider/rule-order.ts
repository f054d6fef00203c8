/*
 * Rules that act in the order of the program. Each knows the one before it, so a rule that is put between two others changes
 * only the rule behind it, and the order can be told from the rules alone, in whatever order they come.
 */

/** A rule, and the rule that it comes right after. */
export interface LinkedRule {
  readonly id: string;
  readonly after: string | undefined;
}

/**
 * Rules in the order that their links ask for. Where that leaves a choice, they stay in the given order: rules whose
 * predecessor is not among them, and rules that name the same one, as when the link of one of them is about to change.
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
  // Links that go round in a circle, as when two rules change places and the link of one of them is still to change.
  for (const rule of rules) visit(rule);
  return [...ordered];
}

/** The positions of the largest number of items that are in ascending order already, so that all others move. */
export function longestIncreasing(numbers: readonly number[]): Set<number> {
  const before: (number | undefined)[] = [];
  /** The position of the smallest number that ends an ascending row of each length. */
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
