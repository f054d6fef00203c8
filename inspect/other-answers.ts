import { hasAddress, listInterfaces } from "./interfaces.ts";
import type { LabHost } from "./lab-host.ts";
import { inParallel } from "./parallel.ts";
import type { PlacePing } from "./ping.ts";
import type { Place } from "./place.ts";
import { answeringPlaces } from "./trace/answering-places.ts";
import { rulesReader } from "./trace/context.ts";
import { withDetails } from "./trace/link-details.ts";

/** The places that answer a ping in place of the one that was meant, because they have its address too. */
export interface OtherAnswer {
  readonly places: readonly Place[];
  /** Whether the answer is theirs for certain; else it is theirs or that of the place that was meant. */
  readonly isCertain: boolean;
}

/** A ping to an address of a place. */
type Sent = Pick<PlacePing, "from" | "to" | "address" | "ms">;

/**
 * Returns which answered pings another place answers, by the neighbour tables as they are after the pings. It follows the pings whose address
 * other places have.
 */
export async function otherAnswers<P extends Sent>(
  host: LabHost,
  pings: readonly P[],
): Promise<ReadonlyMap<P, OtherAnswer>> {
  const interfaces = await listInterfaces(host);
  const holders = new Map(
    pings.map(({ address }) => [
      address,
      new Set(interfaces.flatMap((one) => (hasAddress(one, address) ? [one.place] : []))),
    ]),
  );
  const elsewhere = ({ to, address }: P): Place[] => [...(holders.get(address) ?? [])].filter((place) => place !== to);
  const doubtful = pings.filter((ping) => ping.ms !== undefined && elsewhere(ping).length > 0);
  if (doubtful.length === 0) return new Map();
  const lab = { host, interfaces: await withDetails(host, interfaces), rulesOf: rulesReader(host) };
  // The path of a ping does not depend on the place that is meant.
  const paths = Map.groupBy(doubtful, ({ from, address }) => JSON.stringify([from ?? null, address]));
  const found = await inParallel([...paths.values()], async (alike) => {
    const [one] = alike;
    const receivers = one && (await answeringPlaces(lab, one));
    return alike.flatMap((ping) => {
      const other = otherThan(ping.to, receivers, elsewhere(ping));
      return other === undefined ? [] : [[ping, other] as const];
    });
  });
  return new Map(found.flat());
}

/** Returns the other places that answer, of those that receive a ping; if these are not known, of all that have the address. */
function otherThan(
  target: Place,
  receivers: readonly Place[] | undefined,
  elsewhere: readonly Place[],
): OtherAnswer | undefined {
  if (receivers === undefined) return { places: elsewhere, isCertain: false };
  const places = receivers.filter((place) => place !== target);
  return places.length === 0 ? undefined : { places, isCertain: places.length === receivers.length };
}
