import { contains } from "../../provider/cidr.ts";
import { MAIN_TABLE, showRoutes, tableNumber } from "../../provider/kernel/tools/ip.ts";
import { USUAL_METRIC } from "../../provider/usual-metric.ts";
import type { DeclaredRoute } from "../declared-routes.ts";
import { type Place, placeName } from "../place.ts";
import type { Routed, TraceContext } from "./packet.ts";
import { prefixLength } from "./routing-rules.ts";
import { inNetworkOf } from "./surroundings.ts";
import type { Advice, FailureCause } from "./types.ts";

/** A route that a resource declares and a place has lost. */
interface LostRoute extends Required<Advice> {
  readonly place: Place;
  /** The destination of the packet. */
  readonly destination: string;
}

/**
 * Returns the first route that the program declares for the packet or its answer and that its place has lost, so that one of a later table, a less
 * specific one, one with a higher metric or none decides; undefined if there is none.
 */
export async function lostRoute(look: TraceContext): Promise<LostRoute | undefined> {
  for (const routed of look.routed) {
    const tables = tablesOf(routed);
    const declared = look.declared.routes
      .filter((route) => comesFirst(look, route, routed))
      .toSorted(
        (one, other) =>
          tables.indexOf(one.table) - tables.indexOf(other.table) ||
          other.length - one.length ||
          one.metric - other.metric,
      );
    for (const route of declared) if (await isGone(look, route)) return { ...routed, ...describe(look, route) };
  }
  return undefined;
}

/** Returns the explanation of the end of a path, with the route before it that a place has lost. */
export function withLostRoute(
  lost: LostRoute | undefined,
  { reason, ...help }: Advice,
  place: Place,
  cause?: FailureCause,
): Advice {
  if (lost === undefined) return { reason, ...help };
  const { hint, destination } = lost;
  return cause === "no-route" && place === lost.place
    ? { hint, reason: `${placeName(place)} has no route to ${destination}: ${lost.reason}` }
    : { hint, reason: `${lost.reason}: ${reason}` };
}

/** Returns whether a route would decide about a packet in place of the one that did. */
function comesFirst({ family }: TraceContext, route: DeclaredRoute, routed: Routed): boolean {
  const { destination, length, table, metric } = route;
  const { matched, passed } = routed;
  if (route.place !== routed.place || route.family !== family) return false;
  if (destination !== "default" && !contains(destination, routed.destination)) return false;
  if (passed.some((one) => tableNumber(one) === table)) return true;
  const taken = matched?.destination === undefined ? -1 : prefixLength(matched.destination, family);
  return (
    table === tablesOf(routed).at(-1) &&
    (length > taken || (length === taken && metric < (matched?.metric ?? USUAL_METRIC[family])))
  );
}

/** Returns the numbers of the tables that a place has asked, in order. */
const tablesOf = ({ passed, matched }: Routed): number[] => [
  ...passed.map(tableNumber),
  matched === undefined ? MAIN_TABLE : tableNumber(matched.table),
];

async function isGone({ host }: TraceContext, route: DeclaredRoute): Promise<boolean> {
  const { place, family, destination, table, metric } = route;
  const found = await showRoutes(host.kernel, place, { family, destination, table: String(table) });
  const same = (found ?? []).filter((one) => (one.metric ?? USUAL_METRIC[family]) === metric);
  return same.every(({ flags = [] }) => flags.includes("dead"));
}

function describe({ interfaces }: TraceContext, route: DeclaredRoute): Required<Advice> {
  const { place, destination, via, resource } = route;
  const to = destination === "default" ? "the default route" : `the route to ${destination}`;
  const here = interfaces.filter((one) => one.place === place);
  const reached = via === undefined ? undefined : here.find((one) => inNetworkOf(one, via))?.name;
  const name = route.link ?? reached;
  const link = here.find((one) => one.name === name);
  const gone = `${to} of ${resource} is gone`;
  if (name !== undefined && link === undefined)
    return {
      reason: `${gone}, because ${name} is missing`,
      hint: `run \`pulumi up --refresh\`, which creates ${name} and the route`,
    };
  if (link?.up === false)
    return {
      reason: `${gone}, because ${name} is down`,
      hint: `run \`pulumi up --refresh\`, which sets ${name} up and adds the route: it does not return when ${name} alone is set up`,
    };
  return { reason: gone, hint: "run `pulumi up --refresh`, which adds it" };
}
