import type { Topology, Wire } from "./topology.ts";

/**
 * Returns the upper end of each wire: the end that is farther from the lab host or, if nothing leads to it, from the busiest
 * place or the end of a row. The directions contain no cycle.
 */
export function upperEnds({ places, wires }: Topology): ReadonlySet<string> {
  const placeOf = new Map(
    places.flatMap((place) =>
      place.links.flatMap((link) => [link.key, ...link.joints].map((end) => [end, place.key] as const)),
    ),
  );
  const next = new Map(places.map(({ key }) => [key, [] as string[]]));
  for (const {
    ends: [a, b],
  } of wires) {
    const [left, right] = [placeOf.get(a) ?? "", placeOf.get(b) ?? ""];
    next.get(left)?.push(right);
    next.get(right)?.push(left);
  }
  const far = new Map<string, number>();
  const isRow = places.every(({ links }) => links.length <= 2);
  // The last place of a row is at the bottom, so that the row is read from its first place.
  const starts = (isRow ? places.toReversed() : [...places]).sort(
    (x, y) => Number(y.isHost) - Number(x.isHost) || (isRow ? -1 : 1) * (y.links.length - x.links.length),
  );
  for (const { key } of starts) {
    const queue = far.has(key) ? [] : [key];
    if (queue.length > 0) far.set(key, 0);
    for (const at of queue) {
      for (const to of next.get(at) ?? []) {
        if (far.has(to)) continue;
        far.set(to, (far.get(at) ?? 0) + 1);
        queue.push(to);
      }
    }
  }
  const ranks = [...places].sort((x, y) => (far.get(x.key) ?? 0) - (far.get(y.key) ?? 0)).map(({ key }) => key);
  const rank = new Map(
    places.flatMap(({ key, links }) =>
      links.flatMap((link) => [link.key, ...link.joints].map((end) => [end, ranks.indexOf(key)] as const)),
    ),
  );
  // Within a place, a link is above its children, which are the second ends.
  const above = ({ isCable, ends: [a, b] }: Wire): boolean =>
    ((rank.get(a) ?? 0) - (rank.get(b) ?? 0) || (!isCable || a < b ? 1 : -1)) > 0;
  return new Set(wires.map((wire) => wire.ends[above(wire) ? 0 : 1]));
}
