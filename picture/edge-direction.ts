import type { Topology, Wire } from "./topology.ts";

/**
 * Returns the upper end of each wire. Routers are above the hosts, and the routers that are farther from hosts, such as the spines of a
 * fabric, above the others. A lab whose wires lead to the lab host has the lab host at the bottom, and a row is read from its first
 * place. The directions contain no cycle.
 */
export function upperEnds({ places, wires }: Topology): ReadonlySet<string> {
  const placeOf = new Map(
    places.flatMap((place) =>
      place.links.flatMap((link) => [link.key, ...link.joints].map((end) => [end, place.key] as const)),
    ),
  );
  const next = new Map(places.map(({ key }) => [key, [] as string[]]));
  for (const {
    isTunnel,
    ends: [a, b],
  } of wires) {
    if (isTunnel) continue;
    const [left, right] = [placeOf.get(a) ?? "", placeOf.get(b) ?? ""];
    if (left === right) continue;
    next.get(left)?.push(right);
    next.get(right)?.push(left);
  }
  const far = distances(startsOf(places, next), next);
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

/** Returns the groups of places from which distances are counted; a later group counts for places that no earlier one reaches. */
function startsOf(places: Topology["places"], next: ReadonlyMap<string, readonly string[]>): (readonly string[])[] {
  const count = ({ key }: { readonly key: string }): number => next.get(key)?.length ?? 0;
  const host = places.filter((place) => place.isHost && count(place) > 0);
  const isRow = places.every(({ links }) => links.length <= 2);
  if (isRow && host.length === 0) {
    const fromLast = places.toReversed().sort((left, right) => left.links.length - right.links.length);
    return fromLast.map(({ key }) => [key]);
  }
  const ends = host.length === 0 ? places.filter((place) => count(place) === 1) : host;
  const others = places.toSorted((left, right) => right.links.length - left.links.length);
  return [ends.map(({ key }) => key), ...others.map(({ key }) => [key])];
}

/** Returns the number of wires between each place and the nearest place of a group. */
function distances(
  groups: readonly (readonly string[])[],
  next: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const far = new Map<string, number>();
  for (const group of groups) {
    const queue = group.filter((key) => !far.has(key));
    for (const key of queue) far.set(key, 0);
    for (const at of queue) {
      for (const to of next.get(at) ?? []) {
        if (far.has(to)) continue;
        far.set(to, (far.get(at) ?? 0) + 1);
        queue.push(to);
      }
    }
  }
  return far;
}
