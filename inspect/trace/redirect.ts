import type { Place } from "../place.ts";
import { placeName } from "../place.ts";
import { command } from "./as-typed.ts";
import type { Redirect, TraceContext } from "./packet.ts";
import type { RouteDecision } from "./route-decision.ts";
import { lookUpRoute } from "./route-lookup.ts";
import type { Advice } from "./types.ts";

/** Returns the ICMP redirect that a place follows in place of its route; undefined if it follows its route. */
export const redirectOf = (
  place: Place,
  { gateway, isRedirected, matched }: Extract<RouteDecision, { kind: "out" }>,
): Redirect | undefined =>
  isRedirected && gateway !== undefined ? { place, to: gateway, routedTo: matched.gateway } : undefined;

/** Returns the words that tell which redirect a place follows. */
export const redirectText = ({ to, routedTo }: Redirect): string =>
  `follows an ICMP redirect to ${to}${routedTo === undefined ? "" : `, although its route leads to ${routedTo}`}`;

/** Explains the end of a packet to which an ICMP redirect has led. The router that has sent it may still route that way. */
export async function misled(
  { host, interfaces }: TraceContext,
  redirect: Redirect,
  destination: string,
  { reason }: Advice,
): Promise<Advice> {
  const { place, to, routedTo } = redirect;
  const router = interfaces.find(({ addresses }) => addresses.some(({ address }) => address === routedTo));
  const route = router && (await lookUpRoute(host, router.place, destination));
  const isStill = route !== undefined && !("refusal" in route) && route.gateway === to;
  const forget = `forget it: ${command(place, "ip route flush cache")}`;
  return {
    reason: `${placeName(place)} ${redirectText(redirect)}: ${reason}`,
    hint: isStill
      ? `correct the route of ${placeName(router?.place)} to ${destination}, which leads to ${to}; then ${forget}`
      : forget,
  };
}
