import { holds, isLocal } from "../lab/net.ts";
import type { Route } from "../lab/routes.ts";
import { MAIN_TABLE } from "../lab/routing-rules.ts";
import { type Check, describePlace, isLabHost, type Lab, type OnInterface } from "./check.ts";
import { gatewayElsewhere } from "./namespace-left-out.ts";
import { mayActIn } from "./open-lans.ts";

/**
 * A gateway outside the networks of its namespace's addresses, so that the kernel rejects the route or the next hop. That is certain unless the namespace may
 * have other addresses or routes. The kernel accepts an address of the namespace itself as gateway, but the route leads nowhere.
 */
export const gatewayOffLink: Check = (lab) => {
  const { routes, nextHops, addresses, namespaces, links, incomplete } = lab;
  if (incomplete.has("address") || incomplete.has("route")) return [];
  const held = Map.groupBy(addresses, ({ place }) => place);
  const direct = Map.groupBy(
    routes.filter(({ via, destination, drops }) => via === undefined && destination !== undefined && drops !== true),
    ({ place }) => place,
  );
  return [...routes, ...nextHops].flatMap((route) => {
    const { via, place, link, resource, onlink } = route;
    if (link === undefined && isLabHost(place)) return gatewayElsewhere(lab, route);
    // The lab host, and namespaces and interfaces that the program does not create, may have addresses from elsewhere.
    const ours = link === undefined ? namespaces.has(place) : links.has(link);
    if (!ours || via === undefined || isLocal(via)) return [];
    const own = held.get(place) ?? [];
    if (own.some(({ net }) => net.ip === via.ip)) {
      return [
        {
          about: resource,
          message: `the gateway ${via.ip} is an address of ${describePlace(place)} itself, so its packets never leave`,
          help: "use the address of a neighbor that forwards packets",
        },
      ];
    }
    if (onlink !== false) return [];
    const near = own.filter((address) => link === undefined || address.link === link);
    if (near.some((address) => reaches(address, route))) return [];
    if (direct.get(place)?.some(({ destination }) => destination !== undefined && holds(destination, via))) return [];
    if (routes.some((other) => isWayToAll(other) && other.place === place && supports(other, route))) return [];
    const has = near.map(({ net }) => `${net.ip}/${net.prefix.length}`).join(", ") || "no address";
    return [
      {
        about: resource,
        ...(isRefused(lab, route) && { refused: route.argument }),
        message: `the gateway ${via.ip} is not on-link: ${link ?? describePlace(place)} has ${has}`,
        help: "use a gateway in one of these networks, or add an address in the gateway's network",
      },
    ];
  });
};

const reaches = ({ net, peer }: OnInterface, { via }: Pick<Route<unknown>, "via">): boolean =>
  via !== undefined && (holds(net, via) || peer?.ip === via.ip);

/** Returns whether a route is an IPv4 default route over an interface, to which every address is a neighbor. */
const isWayToAll = ({ destination, via, link }: Route<unknown>): boolean =>
  destination === undefined && via === undefined && link !== undefined;

/** Returns whether the kernel may find a gateway by another route: one of the table `main`, or of the same table. */
const supports = (
  way: Route<unknown>,
  { link, via, table }: Pick<Route<unknown>, "link" | "via"> & Partial<Pick<Route<unknown>, "table">>,
): boolean =>
  via?.family === "inet" &&
  (link === undefined || link === way.link) &&
  (table === undefined || way.table === null || way.table === MAIN_TABLE || way.table === table);

/**
 * Returns whether the kernel certainly refuses the route of an off-link gateway. A program may add addresses and routes, a routing rule may
 * select another table, a default route over an interface makes each gateway on-link, and routers announce IPv6 networks.
 */
function isRefused(
  { routes, addresses, namespaces, programs, routingRules, incomplete }: Lab,
  { place, via }: LabRoute,
): boolean {
  const isUnsure = (["link", "namespace", "program", "routing rule"] as const).some((is) => incomplete.has(is));
  if (isUnsure || via?.family !== "inet" || !namespaces.has(place) || routingRules.has(place)) return false;
  if (mayActIn(programs, place)) return false;
  const isHere = (one: { readonly place: string }) => one.place === place;
  if (addresses.some((held) => isHere(held) && held.peer !== undefined)) return false;
  return !routes.some(
    (other) => isHere(other) && other.destination === undefined && other.via === undefined && other.drops !== true,
  );
}

type LabRoute = Pick<Lab["routes"][number], "place" | "via">;
