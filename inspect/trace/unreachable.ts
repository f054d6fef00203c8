import { placeName } from "../place.ts";
import type { Death } from "./packet.ts";
import type { Advice } from "./types.ts";

/** Returns the explanation of a next hop that a packet does not reach, from the reason for it. */
export const unreachable = ({ place, out, nextHop }: Death, { reason, ...help }: Advice): Advice => ({
  reason: `${nextHop} is unreachable from ${out?.name} in ${placeName(place)}: ${reason}`,
  ...help,
});
