import { otherAnswers } from "../inspect/other-answers.ts";
import type { PlacePing } from "../inspect/ping.ts";
import { type Place, placeAt, placeName, placeParts } from "../inspect/place.ts";
import { hostsOf, machinesOf } from "../inspect/stack-hosts.ts";
import { addressesIn } from "../inspect/stack-links.ts";
import type { StackLab } from "./stack-options.ts";

/** Which hosts answer a ping in place of the one that was meant, because they have its address too. */
export interface Answerers {
  /** The names of the hosts that answer; absent if the meant one does, or none. */
  readonly answeredBy?: readonly string[];
  /** The names of the hosts that may have answered; absent if the meant one has, or none. */
  readonly mayBeAnsweredBy?: readonly string[];
  /** Whether the program declares the address for the meant host and for each of these. */
  readonly isShared?: boolean;
}

/** Returns, for each ping, which other hosts answer it. */
export async function answerersOf({ view, hosts }: StackLab, pings: readonly Target[]): Promise<Answerers[]> {
  const others = await otherAnswers(hosts.all, pings);
  const nameOf = new Map([...machinesOf(view), ...hostsOf(view)].map((host) => [placeAt(host), host.name]));
  const declares = (place: Place, address: string) => addressesIn(view, placeParts(place)).includes(address);
  return pings.map((ping) => {
    const { places, isCertain } = others.get(ping) ?? { places: [], isCertain: false };
    if (places.length === 0) return {};
    const names = places.map((place) => nameOf.get(place) ?? placeName(place));
    const isShared = [ping.to, ...places].every((place) => declares(place, ping.address));
    return { ...(isCertain ? { answeredBy: names } : { mayBeAnsweredBy: names }), isShared };
  });
}

/** A ping to an address of a place. */
type Target = Pick<PlacePing, "from" | "to" | "address" | "ms">;

/** A ping between two hosts, with what is known of its answer. */
interface Answered extends Answerers {
  readonly from: string;
  readonly to: string;
  readonly ms: number | undefined;
}

/** Returns whether the host that was meant answers a ping. */
export const isReached = ({ ms, answeredBy }: Answered): boolean => ms !== undefined && answeredBy === undefined;

/**
 * Returns the pings that tell whether one host reaches another: not those to an address that the program gives several hosts, such as the gateway
 * of each rack, and that another one answers, if the pair has others.
 */
export const telling = <P extends Answered>(pings: readonly P[]): P[] =>
  [...Map.groupBy(pings, ({ from, to }) => JSON.stringify([from, to])).values()].flatMap((pair) => {
    const own = pair.filter(({ answeredBy, isShared }) => answeredBy === undefined || isShared !== true);
    return own.length === 0 ? pair : own;
  });
