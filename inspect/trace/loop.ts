import { isDeepStrictEqual } from "node:util";
import { type Place, placeName } from "../place.ts";
import { command } from "./as-typed.ts";
import type { Death, Packet, PathEnd, RoutedHop } from "./packet.ts";
import type { RouteDecision } from "./route-decision.ts";
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
    if (end.cause !== "reverse-path") return end;
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

/** Describes a loop by the routes of its routers. */
export function loopAdvice({ place, circle = [], detail }: Death, destination: string): Advice {
  const routes = circle.map((one) => `${placeName(one.place)} sends it by its route \`${one.route}\``);
  const end =
    detail === undefined
      ? "until its TTL is exceeded"
      : `until it is back at ${placeName(place)}, which drops it because it did not expect the source ${detail} there`;
  return {
    reason: `routing loop: the packet to ${destination} goes round: ${routes.join(", ")}, ${end}`,
    hint: `change the route that leads the wrong way, or add one to ${destination}; the route of ${placeName(place)}: ${command(place, `ip route get ${destination}`)}`,
  };
}
