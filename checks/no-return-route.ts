import { holds } from "../lab/net.ts";
import { type Check, describe, describePlace, type Lab, type OnInterface } from "./check.ts";
import { transits } from "./transits.ts";

/**
 * A router that receives packets from the network behind another router and has no route back to it. Namespaces in which programs run
 * may learn routes from them, and are assumed to have one. A network that another router reaches through a tunnel is private: the routers that
 * carry the tunnel need no route to it.
 */
export const noReturnRoute: Check = (lab) => {
  const seen = new Set<string>();
  return [...transits(lab)].flatMap(({ route, router, behind, near, next, network }) => {
    if (!lab.namespaces.has(next.place) || lab.programs.has(next.place)) return [];
    const key = `${next.place} ${network}`;
    if (knows(lab, next.place, behind) || isTunnelled(lab, behind) || seen.has(key)) return [];
    seen.add(key);
    return [
      {
        about: next.resource,
        message:
          `${describePlace(next.place)} has no route back to ${network}, the network behind ${describePlace(router)}, ` +
          `which sends packets to it (${describe(route)})`,
        help:
          `add a Route there with the destination "${network}" via ${near.net.ip}, or a NatRule of type masquerade in ` +
          `${describePlace(router)} with that source`,
      },
    ];
  });
};

/** Returns whether a place has a route to a network: an interface in it, or a route to it or to anywhere. */
const knows = ({ routes, addresses }: Lab, place: string, { net }: OnInterface): boolean =>
  addresses.some((own) => own.place === place && holds(own.net, net)) ||
  routes.some(
    ({ place: at, destination, via }) =>
      at === place &&
      (destination === undefined ? via === undefined || via.family === net.family : holds(destination, net)),
  );

/** Returns whether a route leads to a network through a tunnel. */
const isTunnelled = ({ routes, addresses, links }: Lab, { net }: OnInterface): boolean =>
  routes.some(({ place, destination, via, link }) => {
    if (destination === undefined || destination.prefix === "" || !holds(destination, net)) return false;
    const near = addresses.find((held) => held.place === place && via !== undefined && holds(held.net, via));
    return links.get(link ?? near?.link ?? "")?.traits.isTunnel === true;
  });
