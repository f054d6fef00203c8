import { type Place, placeName } from "../place.ts";
import { resource, setsUp } from "./as-typed.ts";
import { gatewayTo } from "./gateway.ts";
import { ipv6Off } from "./ipv6-off.ts";
import type { Death, TraceContext } from "./packet.ts";
import { sourceNat } from "./source-nat.ts";
import { inNetworkOf, networkOf, routerOutside } from "./surroundings.ts";
import type { Advice, Direction, Hop, PathSoFar } from "./types.ts";

/** Describes a place that has no route, with what takes its routes away, or the route to add. */
export async function noRoute(
  look: TraceContext,
  { place, detail }: Death,
  destination: string,
  told: PathSoFar,
  way: Direction,
): Promise<Advice> {
  const here = look.interfaces.filter((one) => one.place === place);
  const down = here.find((one) => !one.up && inNetworkOf(one, destination));
  if (down !== undefined) {
    return {
      reason: `${placeName(place)} has no route to ${destination}: its interface ${down.name} is down, so its routes are gone`,
      hint: setsUp(down.name),
    };
  }
  const closed = here.filter((one) => !one.up && !one.loopback);
  if (closed.length > 0) {
    const names = closed.map(({ name }) => name).join(", ");
    return {
      reason: `${placeName(place)} has no route to ${destination}${inBrackets(detail)}; its routes over ${names} are gone, because ${closed.length === 1 ? "that interface is" : "those interfaces are"} down`,
      hint: `set up: true for ${names}, or add a route if the packet does not go there`,
    };
  }
  const off = await ipv6Off(look, here);
  if (off !== undefined)
    return {
      ...off,
      reason: `${placeName(place)} has no route to ${destination}${inBrackets(detail)}; ${off.reason}`,
    };
  const outside = routerOutside(look, place);
  if (outside !== undefined) {
    return {
      reason: `${placeName(place)} has no route to ${destination}${inBrackets(detail)}; ${outside.router} is on its segment, but not in the network of ${outside.own}`,
      hint: `give ${outside.own} the prefix length of that segment`,
    };
  }
  const network = networkOf(look, destination);
  const sender = way === "there" ? hopBefore(told.there, place) : undefined;
  const via = await gatewayTo(look, { place, destination, way, sender });
  const route = resource(look, "Route", { namespace: place, destination: network ?? "default", via: via ?? "GATEWAY" });
  const router = way === "back" ? routerBefore(told.there, place) : undefined;
  const translated = look.translated.findLast(({ side }) => side === "destination")?.after.address;
  const masquerade =
    router === undefined || network === undefined
      ? undefined
      : await sourceNat(
          look,
          router,
          { source: destination, destination: translated ?? told.destination },
          { source: network },
        );
  return {
    reason: `${placeName(place)} has no route to ${destination}${inBrackets(detail)}`,
    hint:
      masquerade === undefined
        ? `add a route:\n  ${route}`
        : `add a route in ${placeName(place)}:\n  ${route}, or source NAT on ${placeName(router?.place)}${masquerade}`,
  };
}

/** Returns the router that sends a packet to a place; undefined if the packet does not pass the place, or comes from its origin. */
const routerBefore = (there: readonly Hop[], place: Place): Hop | undefined => {
  const before = hopBefore(there, place);
  return before === there[0] ? undefined : before;
};

/** Returns the hop that sends a packet to a place; undefined if the packet does not pass the place, or begins there. */
const hopBefore = (there: readonly Hop[], place: Place): Hop | undefined =>
  there[there.findIndex((hop) => hop.place === place) - 1];

const inBrackets = (detail: string | undefined): string => (detail === undefined ? "" : ` (${detail})`);
