import { familyOf } from "../../provider/cidr.ts";
import { NOTHING_DECLARED } from "../declared.ts";
import type { Place } from "../place.ts";
import { contextFor } from "./context.ts";
import { everyWay } from "./every-way.ts";
import type { TraceContext } from "./packet.ts";
import { sizeOf } from "./packet-size.ts";
import { followPath } from "./path.ts";

/**
 * Returns the places with an address that receive a ping to it: several if the flows of a multipath route end in different ones, and none if a
 * router translates the address. Undefined if no ping arrives by routes, rules and neighbours.
 */
export async function answeringPlaces(
  lab: Pick<TraceContext, "host" | "interfaces" | "rulesOf">,
  { from, address }: { readonly from: Place; readonly address: string },
): Promise<readonly Place[] | undefined> {
  const family = familyOf(address);
  const context = contextFor({
    ...{ ...lab, declared: NOTHING_DECLARED, family, protocol: "icmp" },
    targets: { there: undefined, back: { place: from } },
  });
  const sent = { destination: address, size: sizeOf({ protocol: "icmp" }, family), df: false };
  const { first, others } = await everyWay((choices) => followPath(context(choices), from, sent, "there"));
  const ends = [first, ...others.map(({ way }) => way)].flatMap(({ end, packet }) =>
    end.kind === "arrived" ? [{ place: end.place, isMeant: packet.destination === address }] : [],
  );
  if (ends.length === 0) return undefined;
  return [...new Set(ends.flatMap(({ place, isMeant }) => (isMeant ? [place] : [])))];
}
