import type { Topology, Wire } from "./topology.ts";

/**
 * Returns the upper end of each wire. Routers are above the hosts, and the routers that are farther from hosts, such as the spines of a
 * fabric, above the others. A lab whose wires lead to the lab host has the lab host at the bottom, and a row is read from its first
 * place. A layer that the program sets takes precedence. The directions contain no cycle.
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
  const set = new Map(places.flatMap(({ key, layer }) => (layer === undefined ? [] : [[key, layer] as const])));
  const layers = layersFrom(startsOf(places, next), next, set);
  const ranks = [...places].sort((x, y) => (layers.get(x.key) ?? 0) - (layers.get(y.key) ?? 0)).map(({ key }) => key);
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

/** Returns the groups of places that are at the bottom; a later group counts for places that no earlier one reaches. */
function startsOf(places: Topology["places"], next: ReadonlyMap<string, readonly string[]>): (readonly string[])[] {
  const count = ({ key }: { readonly key: string }): number => next.get(key)?.length ?? 0;
  const host = places.filter((place) => place.isHost && count(place) > 0);
  const lowest = places.filter(({ layer }) => layer === 0).map(({ key }) => key);
  const isRow = places.every(({ links }) => links.length <= 2);
  if (isRow && host.length === 0) {
    const fromLast = places.toReversed().sort((left, right) => left.links.length - right.links.length);
    return [lowest, ...fromLast.map(({ key }) => [key])];
  }
  const ends = host.length === 0 ? places.filter((place) => count(place) === 1) : host;
  const others = places.toSorted((left, right) => right.links.length - left.links.length);
  return [[...ends.map(({ key }) => key), ...lowest], ...others.map(({ key }) => [key])];
}

/**
 * Returns the layer of each place: the one that the program sets, or one more than that of its lowest neighbor on the way from the bottom.
 * Places of a group are at the bottom, unless the program sets another layer for them; those do not count as the bottom.
 */
function layersFrom(
  groups: readonly (readonly string[])[],
  next: ReadonlyMap<string, readonly string[]>,
  set: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const layers = new Map<string, number>();
  for (const group of groups) {
    const bottom = group.filter((key) => !layers.has(key) && (set.get(key) ?? 0) === 0);
    const open = new Map(bottom.map((key) => [key, 0]));
    for (let at = firstOf(open); at !== undefined; at = firstOf(open)) {
      const [key, layer] = at;
      open.delete(key);
      layers.set(key, layer);
      for (const to of next.get(key) ?? []) {
        const found = set.get(to) ?? layer + 1;
        if (!layers.has(to) && found < (open.get(to) ?? Infinity)) open.set(to, found);
      }
    }
  }
  return new Map([...layers, ...set]);
}

/** Returns the entry with the lowest number, the first one of several. */
const firstOf = (open: ReadonlyMap<string, number>): [string, number] | undefined =>
  [...open].reduce<[string, number] | undefined>(
    (low, one) => (low !== undefined && low[1] <= one[1] ? low : one),
    undefined,
  );
