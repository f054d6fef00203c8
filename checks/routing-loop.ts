import { forwarder } from "../lab/forwarding.ts";
import { holds, type Net, overlap } from "../lab/net.ts";
import { vrfOf } from "../lab/network.ts";
import { MAIN_TABLE } from "../lab/routing-rules.ts";
import { USUAL_METRIC } from "../provider/usual-metric.ts";
import { type Check, describe, describePlace, type Lab, type OnInterface } from "./check.ts";
import { mayActIn } from "./open-lans.ts";

/**
 * Routes by which namespaces send all packets to a network round in a circle. Only routes to a network are a beginning: two routers whose default
 * routes lead to each other reach the networks of both. A namespace with a route to a part of the network, or an address in it, ends the circle.
 */
export const routingLoop: Check = (lab) => {
  if (UNSURE.some((is) => lab.incomplete.has(is))) return [];
  const seen = new Set<string>();
  return lab.routes.flatMap(({ resource, place, destination }) => {
    if (destination === undefined || destination.prefix === "") return [];
    const hops = loopFrom(lab, place, destination);
    if (hops === undefined || hops[0]?.route.resource !== resource) return [];
    const network = `${destination.network}/${destination.prefix.length}`;
    const key = [network, ...hops.map(({ route }) => route.place).toSorted()].join(" ");
    if (seen.has(key)) return [];
    seen.add(key);
    const ways = hops.map(
      ({ route, next }) => `${nameOf(route.place)} to ${nameOf(next.place)} (${describe(route.resource)})`,
    );
    return [
      {
        about: resource,
        message: `packets to ${network} go round in a loop, since no namespace of it has a way out for them: ${ways.join(", ")}`,
        help: "correct the gateway of one of these routes, or add a Route to the network in one of the namespaces",
      },
    ];
  });
};

const UNSURE = [
  "address",
  "route",
  "next hop",
  "link",
  "pair",
  "namespace",
  "program",
  "routing rule",
  "filter",
] as const;

const nameOf = (place: string): string => describePlace(place).replace(/^the namespace /, "");

type LabRoute = Lab["routes"][number];

/** A step of packets on their way: the route by which a place sends them, and the interface that receives them. */
interface Step {
  readonly route: LabRoute;
  readonly next: OnInterface;
}

/** Returns the steps of packets from a place back to it; undefined if they may end elsewhere. */
function loopFrom(lab: Lab, start: string, to: Net): Step[] | undefined {
  const steps: Step[] = [];
  const visited = new Set<string>();
  for (let place = start; !visited.has(place); ) {
    visited.add(place);
    const step = stepFrom(lab, place, to);
    if (step === undefined) return undefined;
    steps.push(step);
    place = step.next.place;
    if (place === start) return steps;
  }
  return undefined;
}

/** Returns the step of all packets to a network from a place; undefined if they may take another way, or end there. */
function stepFrom(lab: Lab, place: string, to: Net): Step | undefined {
  if (!lab.forwards.has(forwarder(place, to.family)) || mayDiffer(lab, place)) return undefined;
  const own = lab.addresses.filter((held) => held.place === place);
  if (own.some(({ net, peer }) => holds(to, net) || (peer !== undefined && overlap(to, peer)))) return undefined;
  const routes = lab.routes.filter((route) => route.place === place && route.table === MAIN_TABLE && meets(route, to));
  const longest = Math.max(...routes.map(lengthOf));
  const lowest = Math.min(...routes.filter((route) => lengthOf(route) === longest).map(metricOf));
  const [route, ...others] = routes.filter((one) => lengthOf(one) === longest && metricOf(one) === lowest);
  if (route?.via === undefined || others.length > 0 || route.drops !== false || longest > to.prefix.length)
    return undefined;
  if (own.some(({ net }) => overlap(net, to) && net.prefix.length >= longest)) return undefined;
  const next = neighbor(lab, own, route);
  return next && next.place !== place ? { route, next } : undefined;
}

const meets = ({ destination, via }: LabRoute, to: Net): boolean =>
  destination === undefined ? via === undefined || via.family === to.family : overlap(destination, to);

const lengthOf = ({ destination }: LabRoute): number => destination?.prefix.length ?? 0;

const metricOf = ({ metric, via }: LabRoute): number => metric ?? USUAL_METRIC[via?.family ?? "inet"];

/** Returns the interface on the LAN of a route that has its gateway; undefined if several have it, or one may be down. */
function neighbor({ addresses, lans, links }: Lab, own: readonly OnInterface[], { link, via }: LabRoute) {
  const near = link ?? own.find(({ net }) => via !== undefined && holds(net, via))?.link;
  if (near === undefined || links.get(near)?.up !== true) return undefined;
  const [next, ...others] = addresses.filter((held) => held.net.ip === via?.ip && lans.of(held.link) === lans.of(near));
  return others.length === 0 && next !== undefined && links.get(next.link)?.up === true ? next : undefined;
}

/** Returns whether other things than the routes of its table `main` decide on the packets in a place. */
const mayDiffer = (lab: Lab, place: string): boolean =>
  !lab.namespaces.has(place) ||
  mayActIn(lab.programs, place) ||
  lab.routingRules.has(place) ||
  lab.filters.some((filter) => filter.place === place && filter.chain === "forward") ||
  lab.natRules.some(({ place: at, nat }) => at === place && nat?.chain.startsWith("postrouting") !== true) ||
  lab.addresses.some((held) => held.place === place && vrfOf(lab, held.link) !== undefined);
