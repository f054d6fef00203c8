import { isDeepStrictEqual } from "node:util";
import type { Interface } from "../interfaces.ts";
import { type Place, placeName } from "../place.ts";
import { command, setsUp } from "./as-typed.ts";
import type { Death, Packet, PathEnd, RoutedHop, TraceContext } from "./packet.ts";
import type { RouteDecision } from "./route-decision.ts";
import { segmentOf } from "./segment.ts";
import { containing, inNetworkOf, networkOf } from "./surroundings.ts";
import type { Advice } from "./types.ts";

/** Finds the routers between which a packet circulates. */
export class LoopFinder {
  readonly #passed: (RoutedHop & Pick<Packet, "source" | "destination" | "port">)[] = [];

  /** Records that a packet leaves a place, and returns the loop in which it is if it has left there before by the same route. */
  leaves(
    place: Place,
    { source, destination, port }: Packet,
    route: Extract<RouteDecision, { kind: "out" }>,
  ): PathEnd | undefined {
    const here = { place, source, destination, port, route: routeText(route) };
    const first = this.#passed.findIndex((one) => isDeepStrictEqual(one, here));
    if (first >= 0) return this.#loopFrom(first);
    this.#passed.push(here);
    return undefined;
  }

  /**
   * Returns the loop in which a packet is that a place refuses because of its source, although it has sent the packet on before; the same end
   * for none. The source may have been translated in the meantime.
   */
  insteadOf(end: Death, packet: Packet): PathEnd {
    if (end.cause !== "reverse-path" && end.cause !== "own-source") return end;
    const first = this.#passed.findIndex((one) => one.place === end.place && one.destination === packet.destination);
    return first < 0 ? end : { ...this.#loopFrom(first), detail: packet.source ?? "" };
  }

  #loopFrom(first: number): Death {
    const circle = this.#passed.slice(first);
    return { kind: "died", cause: "loop", place: circle[0]?.place, circle };
  }
}

function routeText({ matched, gateway, out }: Extract<RouteDecision, { kind: "out" }>): string {
  const via = gateway === undefined ? "" : ` via ${gateway}`;
  const table = matched.table === "main" ? "" : ` table ${matched.table}`;
  return `${matched.destination ?? ""}${via} dev ${out.name}${table}`.trim();
}

/** Describes a loop by the routes of its routers, and by what one of them lacks of the destination's network. */
export function loopAdvice(look: TraceContext, death: Death, destination: string): Advice {
  const { place, circle = [], detail } = death;
  const routes = circle.map((one) => `${placeName(one.place)} sends it by its route \`${one.route}\``);
  const end =
    detail === undefined
      ? "until its TTL is exceeded"
      : `until it is back at ${placeName(place)}, which drops it because it did not expect the source ${detail} there`;
  const round = `the packet to ${destination} goes round: ${routes.join(", ")}, ${end}`;
  const gap = gapIn(look, circle, destination);
  if (gap !== undefined) return { reason: `routing loop, because ${gap.reason}: ${round}`, hint: gap.hint };
  return {
    reason: `routing loop: ${round}`,
    hint: `change the route that leads the wrong way, or add one to ${destination}; the route of ${placeName(place)}: ${command(place, `ip route get ${destination}`)}`,
  };
}

/** Returns why a router of a loop that is connected to the network of the destination has no route to it; undefined if there is none. */
function gapIn(look: TraceContext, circle: readonly RoutedHop[], destination: string): Required<Advice> | undefined {
  const isInLoop = ({ place }: Interface) => circle.some((one) => one.place === place);
  const closed = look.interfaces.find((one) => isInLoop(one) && !one.up && inNetworkOf(one, destination));
  if (closed !== undefined) {
    const own = closed.addresses.find(containing(destination));
    return { reason: `${named(closed)}, which has ${own?.address}/${own?.length}, is down`, hint: setsUp(closed.name) };
  }
  const owner = look.interfaces.find(({ addresses }) => addresses.some(({ address }) => address === destination));
  const network = networkOf(look, destination);
  if (owner === undefined || network === undefined) return undefined;
  const { members, broken } = segmentOf(look.interfaces, owner);
  // IPv6 addresses are lost when their interface is set down.
  const down = broken.find((one) => isInLoop(one) && !one.up);
  if (down !== undefined)
    return { reason: `${named(down)}, on the segment of ${destination}, is down`, hint: setsUp(down.name) };
  const bare = members.find((one) => isInLoop(one) && !inNetworkOf(one, destination));
  return bare === undefined
    ? undefined
    : {
        reason: `${named(bare)} is on the segment of ${destination}, and has no address in ${network}`,
        hint: `give ${bare.name} an address in ${network}, or run \`pulumi up --refresh\` if it was removed by hand`,
      };
}

const named = ({ name, place }: Interface): string => `${name} in ${placeName(place)}`;
