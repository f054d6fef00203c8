/*
 * Rules that act in the order of the program. Each knows the one before it, so a rule that is put between two others changes
 * only the rule behind it, and the order can be told from the rules alone, in whatever order they come.
 */

/** A rule, and the rule that it comes right after. */
export interface Linked {
  readonly id: string;
  readonly after: string | undefined;
  /** Whether the link is newer than those of rules that have not changed. */
  readonly changed: boolean;
}

/**
 * Rules in the order that their links ask for. Rules whose predecessor is not among them stay in the given order, and so do
 * two that name the same predecessor, except that a changed one comes first: the other is about to follow it.
 */
export function inLinkedOrder<T extends Linked>(rules: readonly T[]): T[] {
  const ids = new Set(rules.map(({ id }) => id));
  const followers = Map.groupBy(rules, ({ after }) => (after !== undefined && ids.has(after) ? after : undefined));
  const ordered = new Set<T>();

  function visit(rule: T): void {
    const waiting = [rule];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (ordered.has(next)) continue;
      ordered.add(next);
      waiting.push(...changedFirst(followers.get(next.id) ?? []).toReversed());
    }
  }

  const roots = followers.get(undefined) ?? [];
  const isNewFirst = ({ changed, after }: T) => changed && after === undefined;
  const isEarly = ({ changed, after }: T) => changed && after !== undefined;
  for (const rule of roots.filter(isNewFirst)) visit(rule);
  for (const rule of roots.filter((root) => !isNewFirst(root) && !isEarly(root))) visit(rule);
  // Their predecessors are still to come.
  for (const rule of roots.filter(isEarly)) visit(rule);
  // What is left goes round in a circle, as when two rules change places and one of them has not heard of it yet.
  for (const rule of changedFirst(rules)) visit(rule);
  return [...ordered];
}

/** The positions of the largest number of items that are in ascending order already, so that all others move. */
export function ascending(numbers: readonly number[]): Set<number> {
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

const changedFirst = <T extends Linked>(rules: readonly T[]): T[] => [
  ...rules.filter(({ changed }) => changed),
  ...rules.filter(({ changed }) => !changed),
];
