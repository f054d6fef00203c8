import { placeName } from "../place.ts";
import { command } from "./as-typed.ts";
import type { Death, TraceContext } from "./packet.ts";
import type { Advice } from "./types.ts";

/** Describes the end of a packet that is larger than an MTU, and may not be fragmented. */
export function tooLarge(_look: TraceContext, { place, at, out, detail }: Death, destination: string): Advice {
  if (out !== undefined)
    return {
      reason: `${at?.name} in ${placeName(place)} drops the packet: it is larger than its MTU ${at?.mtu}, and the sender does not learn of it, because ${out.name} in ${placeName(out.place)} has the MTU ${out.mtu}`,
      hint: `set the same mtu for ${at?.name} and ${out.name}`,
    };
  const rejects = `${placeName(place)} rejects the packet: it is larger than`;
  if (detail !== undefined)
    return {
      reason: `${rejects} the MTU ${detail} of its route to ${destination}, and may not be fragmented`,
      hint: `if the route has no mtu, a router on the way has reported this one: forget it by ${command(place, "ip route flush cache")}, and trace again to find the router`,
    };
  return {
    reason: `${rejects} the MTU ${at?.mtu} of ${at?.name}, and may not be fragmented`,
    hint: "send smaller packets, or raise the mtu",
  };
}
