import { holds } from "../lab/net.ts";
import { type Check, describe, describePlace, type Lab, type OnInterface } from "./check.ts";
import { transits } from "./transits.ts";

/**
 * A router that receives packets from the network behind another router and has no route back to it. Namespaces in which programs run
 * may learn routes from them, and are assumed to have one.
 */
export const noReturnRoute: Check = (lab) => {
  const seen = new Set<string>();
  return [...transits(lab)].flatMap(({ route, router, behind, near, next, network }) => {
    if (!lab.namespaces.has(next.place) || lab.programs.has(next.place)) return [];
    const key = `${next.place} ${network}`;
    if (knows(lab, next.place, behind) || seen.has(key)) return [];
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
