import type { Net } from "../lab/net.ts";
import { vrfOf } from "../lab/network.ts";
import { MAIN_TABLE } from "../lab/routing-rules.ts";
import { USUAL_METRIC } from "../provider/usual-metric.ts";
import { type Check, describe } from "./check.ts";

/**
 * A route to a network in which an interface of its place has an address, or such a network among those of the peers of a WireGuard with `routes`. The
 * kernel adds a route of its own to that network, which an IPv4 route of the same metric conflicts with, and which has priority over an IPv6 route.
 * A given metric says that the route is meant for the time when the interface is down.
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
  return routes.flatMap(({ resource, place, link, destination, table, metric }) => {
    if (destination === undefined || table !== MAIN_TABLE) return [];
    if (metric !== undefined && metric !== USUAL_METRIC[destination.family]) return [];
    const [own] = held.get(keyOf(place, destination)) ?? [];
    if (own === undefined) return [];
    const ofPeers = links.get(link ?? "")?.resource === resource;
    // Both routes lead to the peers, and the kernel adds an IPv6 route beside its own one.
    if (ofPeers && own.link === link && destination.family === "inet6") return [];
    const network = `${destination.network}/${destination.prefix.length}`;
    return [
      {
        about: resource,
        message:
          (ofPeers
            ? `routes of ${describe(resource)} is true, and ${network}, an allowed IP of a peer, is the network of ${own.link}: `
            : `destination of ${describe(resource)} is ${network}, the network of ${own.link}: `) +
          (destination.family === "inet"
            ? 'the kernel has a route of its own to it, and refuses another one ("File exists")'
            : "the kernel has a route of its own to it, and never uses another one"),
        help: ofPeers
          ? `list the addresses of the peers in place of the network, such as "10.255.0.2/32", or leave out routes and declare a Route to each other network`
          : "remove the route, correct its destination, or set a metric for a route that is used while the interface is down",
      },
    ];
  });
};

const keyOf = (place: string, { family, prefix }: Net): string => `${place} ${family} ${prefix}`;
