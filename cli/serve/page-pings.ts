import type { PlacePing } from "../../inspect/ping.ts";
import type { Place } from "../../inspect/place.ts";
import type { PagePing } from "../../picture/page/live-types.ts";
import { type Answerers, isReached, telling } from "../other-answers.ts";
import { answererText } from "../other-answers-text.ts";

/**
 * Returns pings as the page shows them.
 *
 * @param answerers The other hosts that answer each ping.
 */
export function pagePings(
  pings: readonly PlacePing[],
  answerers: readonly Answerers[],
  nameOf: ReadonlyMap<Place, string>,
): PagePing[] {
  const all = pings.map(({ from, to, address, ms, unsent }, index) => ({
    ...{ from: nameOf.get(from) ?? "", to: nameOf.get(to) ?? "", address, ms, unsent },
    ...answerers[index],
  }));
  const told = new Set(telling(all));
  return all.map((ping) => ({
    ...{ from: ping.from, to: ping.to, address: ping.address, ms: ping.ms ?? null, unsent: ping.unsent },
    ...{ other: answererText(ping), isReached: isReached(ping), isTelling: told.has(ping) },
  }));
}
