import type { Net } from "../lab/net.ts";
import { vrfOf } from "../lab/network.ts";
import { MAIN_TABLE } from "../lab/routing-rules.ts";
import { type Check, describe } from "./check.ts";

/**
 * A route to a network in which an interface of its place has an address. The kernel adds a route of its own to that network, which an IPv4
 * route of the same metric conflicts with, and which has priority over an IPv6 route. A given metric says that the route is meant for the time
 * when the interface is down.
 */
export const connectedRoute: Check = (lab) => {
  const { routes, addresses, links } = lab;
  const held = Map.groupBy(
    addresses.filter(
      ({ net, link, peer }) =>
        peer === undefined &&
        net.prefix.length < net.bits.length &&
        links.get(link)?.up === true &&
        vrfOf(lab, link) === undefined,
    ),
    ({ place, net }) => keyOf(place, net),
  );
  return routes.flatMap(({ resource, place, destination, table, metric }) => {
    if (destination === undefined || table !== MAIN_TABLE) return [];
    if (metric !== undefined && metric !== USUAL_METRIC[destination.family]) return [];
    const [own] = held.get(keyOf(place, destination)) ?? [];
    if (own === undefined) return [];
    const network = `${destination.network}/${destination.prefix.length}`;
    return [
      {
        about: resource,
        message:
          `destination of ${describe(resource)} is ${network}, the network of ${own.link}: ` +
          (destination.family === "inet"
            ? 'the kernel has a route of its own to it, and refuses another one ("File exists")'
            : "the kernel has a route of its own to it, and never uses another one"),
        help: "remove the route, correct its destination, or set a metric for a route that is used while the interface is down",
      },
    ];
  });
};

const keyOf = (place: string, { family, prefix }: Net): string => `${place} ${family} ${prefix}`;

/** The metric of a route without one. */
const USUAL_METRIC = { inet: 0, inet6: 1024 };
