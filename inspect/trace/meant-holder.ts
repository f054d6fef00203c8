import type { DeclaredAddress } from "../declared-segments.ts";
import { hasAddress } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { corrects } from "./declaration.ts";
import type { DetailedInterface } from "./link-details.ts";
import type { TraceContext } from "./packet.ts";
import type { Advice } from "./types.ts";

/** The interface that has an address, or a declared one that has lost it. */
export interface Holder {
  readonly owner: DetailedInterface | undefined;
  readonly lost: DeclaredAddress | undefined;
}

/**
 * Returns the interface that has an address. One that the program connects to the outgoing interface comes first, also if it has lost the address:
 * another network of the lab may have the same one.
 */
export function holderOf(
  { interfaces, declared: { segments } }: TraceContext,
  out: DetailedInterface | undefined,
  wanted: string,
): Holder {
  const owners = interfaces.filter((one) => hasAddress(one, wanted));
  const segment = out && segments.of(out.place, out.name);
  const meant = segments.addresses.filter((one) => one.address === wanted && one.segment === segment);
  const isAt = ({ place }: DetailedInterface) => meant.some((one) => one.place === place);
  const owner = owners.find(isAt);
  if (owner !== undefined || meant.length === 0) return { owner: owner ?? owners[0], lost: undefined };
  return { owner: undefined, lost: meant[0] };
}

/** Describes an interface that a resource declares, without the address. */
export function lostAddress({ interfaces }: TraceContext, { place, link, resource }: DeclaredAddress): Advice {
  const isThere = interfaces.some((one) => one.place === place && one.name === link);
  return {
    reason: `${link} in ${placeName(place)} (${resource}), which should have it, ${isThere ? "has lost it" : "is missing"}`,
    hint: corrects(resource),
  };
}

/** Returns whether the program connects two interfaces. */
export function areConnected(
  { declared: { segments } }: TraceContext,
  one: DetailedInterface | undefined,
  other: DetailedInterface,
): boolean {
  const segment = one && segments.of(one.place, one.name);
  return segment !== undefined && segment === segments.of(other.place, other.name);
}
