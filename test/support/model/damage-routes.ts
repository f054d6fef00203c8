import { familyOf } from "../../../provider/cidr.ts";
import { ipAt } from "./damage.ts";
import type { Dice } from "./dice.ts";
import { type Flat, type FlatNexthop, type FlatRoute, linksOf } from "./flat.ts";
import { aHopNumber } from "./generate-nexthops.ts";
import { hopAt } from "./nexthops.ts";

/** Returns commands that replace the routes and the next hops of a lab by hand. The kernel may refuse some of them. */
export function replacedRoutes(dice: Dice, flat: Flat): string[][] {
  const route = dice.pick(routesIn(flat));
  const hop = dice.pick(flat.nexthops);
  return dice
    .shuffle([
      ...(route === undefined ? [] : [withRoute(dice, flat, route)]),
      ...(hop === undefined ? [] : [withNexthop(dice, flat, hop)]),
    ])
    .slice(0, 1 + dice.below(2));
}

/** Returns whether a command replaces nothing, or a route or a next hop that a lab declares. */
export function replacesOwn(flat: Flat, words: readonly string[]): boolean {
  const begins = (...own: readonly string[]): boolean => own.every((word, index) => words[index] === word);
  const text = words.join(" ");
  if (/ nexthop replace /.test(text))
    return flat.nexthops.some(({ at, nhid }) => begins(...ipAt(at, "nexthop", "replace", "id", String(nhid))));
  const [, metric = "0"] = / metric (\d+)/.exec(text) ?? [];
  return (
    !/ route (?:replace|change) /.test(text) ||
    routesIn(flat).some(
      (route) =>
        begins(...ipAt(route.at)) &&
        words.includes(route.destination) &&
        words.includes("-6") === (familyOfRoute(flat, route) === "inet6") &&
        metric === String(metricOf(flat, route)),
    )
  );
}

/** Returns the routes of a lab, with the default routes of its links. */
const routesIn = (flat: Flat): FlatRoute[] => [
  ...flat.routes,
  ...linksOf(flat).flatMap(({ at, name, gateways }) =>
    gateways.map((via): FlatRoute => ({ at, via, link: name, destination: "default", ...UNSET })),
  ),
];

const UNSET = { metric: undefined, mtu: undefined, nhid: undefined };

/** Returns the command that puts another route to the same network in the place of a route. */
function withRoute(dice: Dice, flat: Flat, route: FlatRoute): string[] {
  const family = familyOfRoute(flat, route);
  const metric = metricOf(flat, route);
  const [type, ...way] = dice.of<Way>(
    ["unicast", ...wayFrom(dice, flat, route)],
    ["unicast", ...wayFrom(dice, flat, route)],
    ["unicast", "nhid", String(aHopNumber(dice))],
    ["unicast", ...wayFrom(dice, flat, route), "mtu", "1280"],
    [dice.of("blackhole", "unreachable")],
  );
  return ipAt(
    route.at,
    ...(family === "inet6" ? ["-6"] : []),
    ...["route", dice.of("replace", "replace", "replace", "change"), type, route.destination, ...way],
    ...(metric === 0 ? [] : ["metric", String(metric)]),
    ...protocol(dice),
  );
}

/** The type of a route, and where it leads. */
type Way = [string, ...string[]];

/** Returns the command that turns a next hop into another one. */
function withNexthop(dice: Dice, flat: Flat, hop: FlatNexthop): string[] {
  const way = dice.of(
    wayFrom(dice, flat, hop),
    wayFrom(dice, flat, hop),
    ["blackhole"],
    ["group", dice.of("10", "10/11", "11,2/10", "12/20")],
    ["group", (hop.members ?? []).map(({ nhid }) => `${nhid},${dice.of(1, 4)}`).join("/") || "11"],
  );
  return ipAt(hop.at, "nexthop", "replace", "id", String(hop.nhid), ...way, ...protocol(dice));
}

/** Returns the words of a way over a link of a place: the one of a route or another, with another gateway or none. */
function wayFrom(dice: Dice, flat: Flat, { at, via, link }: Pick<FlatRoute, "at" | "via" | "link">): string[] {
  const others = linksOf(flat).flatMap((one) => (one.at === at && one.up ? one.name : []));
  const over = dice.chance(0.5) ? (link ?? dice.pick(others)) : dice.pick(others);
  const gateway = dice.chance(0.7) ? via?.replace(/\d+$/, String(10 + dice.below(4))) : undefined;
  return [
    ...(gateway === undefined ? [] : ["via", gateway]),
    ...(over === undefined || (gateway !== undefined && dice.chance(0.3)) ? [] : ["dev", over]),
  ];
}

/** Returns the words of a protocol: none as users type it, or that of the provider. */
const protocol = (dice: Dice): string[] => (dice.chance(0.4) ? ["proto", "201"] : []);

const metricOf = (flat: Flat, route: FlatRoute): number =>
  route.metric ?? (familyOfRoute(flat, route) === "inet6" ? 1024 : 0);

function familyOfRoute(flat: Flat, { at, destination, via, nhid }: FlatRoute): string {
  if (destination !== "default") return familyOf(destination);
  return familyOf(via ?? (nhid === undefined ? undefined : hopAt(flat, { at, nhid })?.via) ?? "");
}
