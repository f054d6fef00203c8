import type { Path } from "./packet.ts";
import type { NextHopChoice } from "./types.ts";

/** The way of a packet by the next hops that the kernel selects, and the ways of other flows. */
export interface EveryWay<W> {
  readonly first: W;
  readonly others: readonly { readonly by: NextHopChoice; readonly way: W }[];
}

/** Follows a packet by the next hops that the kernel selects, and then by each other one that the multipath routes on its ways use. */
export async function everyWay<W extends Pick<Path, "nextHops">>(
  follow: (choices: readonly NextHopChoice[]) => Promise<W>,
): Promise<EveryWay<W>> {
  const first = await follow([]);
  const others: { by: NextHopChoice; way: W }[] = [];
  // Each next hop is followed once, also if several paths have it.
  const met = new Map(first.nextHops.map((hop) => [keyOf(hop), hop]));
  for (const { taken, ...by } of met.values()) {
    if (taken || others.length === MOST_WAYS) continue;
    const way = await follow([by]);
    others.push({ by, way });
    for (const next of way.nextHops) if (!met.has(keyOf(next))) met.set(keyOf(next), next);
  }
  return { first, others };
}

const keyOf = ({ way, place = "", out, via = "" }: NextHopChoice): string => [way, place, out, via].join(" ");

/** The largest number of ways of other flows that are followed. */
const MOST_WAYS = 16;
