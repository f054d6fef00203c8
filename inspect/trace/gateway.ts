import type { Place } from "../place.ts";
import { matchingRoutes } from "./matching-routes.ts";
import type { TraceContext } from "./packet.ts";
import { forwards, vrfOf } from "./route-decision.ts";
import { lookUpRoute } from "./route-lookup.ts";
import { segmentOf } from "./segment.ts";
import { inNetworkOf } from "./surroundings.ts";
import type { Direction } from "./types.ts";

/** A packet in a place that has no route for it. */
interface LostPacket {
  readonly place: Place;
  readonly destination: string;
  readonly way: Direction;
  /** The place that has sent it there; undefined if that is not known, or it begins there. */
  readonly sender: { readonly place: Place } | undefined;
}

/**
 * Returns a neighbour with an onward route to the destination: not back to this place, the sender or a place it reaches directly, and not to another
 * place with the same address. One from which the packet arrives at its target is preferred, and then one that forwards packets.
 */
export async function gatewayTo(
  look: TraceContext,
  { place, destination, way, sender }: LostPacket,
): Promise<string | undefined> {
  const target = targetOf(look, destination, way);
  const owned = look.interfaces.filter((one) => one.place === place && one.up && !one.loopback);
  const found: { readonly address: string; readonly rank: number }[] = [];
  for (const own of owned) {
    for (const member of segmentOf(look.interfaces, own).members) {
      const gateway = member.addresses.find(
        ({ address, family, global }) => family === look.family && global && inNetworkOf(own, address),
      );
      if (gateway === undefined || (sender !== undefined && member.place === sender.place)) continue;
      const vrf = vrfOf(look, member.place, member.name);
      if (vrf !== undefined) {
        const { host, family } = look;
        const routes = await matchingRoutes(host, member.place, { family, destination, from: ["vrf", vrf] });
        if (routes.length === 0) continue;
      }
      const next = await lookUpRoute(look.host, member.place, destination, ...wordsOf(vrf));
      if ("refusal" in next) continue;
      if (owned.some((one) => inNetworkOf(one, next.gateway ?? destination))) continue;
      const end = target && (await endOf(look, member.place, destination, vrf));
      if (end !== undefined && end.place !== target?.place) continue;
      const isForwarding = await forwards(look, member.place, member);
      found.push({ address: gateway.address, rank: (end === undefined ? 2 : 0) + (isForwarding ? 0 : 1) });
    }
  }
  return found.toSorted((one, other) => one.rank - other.rank)[0]?.address;
}

const wordsOf = (vrf: string | undefined): string[] => (vrf === undefined ? [] : ["vrf", vrf]);

/** A place that receives a packet. */
interface Receiver {
  readonly place: Place;
}

/** Returns the place that should receive a packet; undefined if several have its destination, and it is not known which one. */
function targetOf({ interfaces, targets }: TraceContext, destination: string, way: Direction): Receiver | undefined {
  const owners = new Set(
    interfaces.flatMap(({ place, addresses }) =>
      addresses.some(({ address }) => address === destination) ? [place] : [],
    ),
  );
  const target = targets[way];
  if (target !== undefined && owners.has(target.place)) return target;
  const [place] = owners;
  return owners.size === 1 ? { place } : undefined;
}

/** Returns where a packet from a place arrives by the routes of all routers; undefined if it does not arrive at any visible place. */
async function endOf(
  look: TraceContext,
  place: Place,
  destination: string,
  vrf?: string,
  hops = 0,
): Promise<Receiver | undefined> {
  const route = await lookUpRoute(look.host, place, destination, ...wordsOf(vrf));
  if ("refusal" in route) return undefined;
  if (route.type === "local") return { place };
  const out = look.interfaces.find((one) => one.place === place && one.name === route.dev);
  const nextHop = route.gateway ?? destination;
  const next =
    out &&
    segmentOf(look.interfaces, out).members.find(({ addresses }) =>
      addresses.some(({ address }) => address === nextHop),
    );
  if (next === undefined || hops === MOST_HOPS) return undefined;
  return endOf(look, next.place, destination, vrfOf(look, next.place, next.name), hops + 1);
}

/** The largest number of routers that are asked. */
const MOST_HOPS = 16;
