import { holds, isLocal } from "../lab/net.ts";
import { forwarder, vrfOf } from "../lab/network.ts";
import { type Check, describe, describePlace, type Lab, type OnInterface } from "./check.ts";

/**
 * A router that receives packets from the network behind another router and has no route back to it. Namespaces in which programs run
 * may learn routes from them, and are assumed to have one.
 */
export const noReturnRoute: Check = (lab) => {
  const { routes, addresses, lans, namespaces, programs, forwards, incomplete } = lab;
  if (["address", "route", "link", "pair", "source NAT"].some((is) => incomplete.has(is as "route"))) return [];
  const hosts = routes.filter(({ place, via }) => via !== undefined && !forwards.has(forwarder(place, via.family)));
  const gateways = new Set(hosts.flatMap(({ via }) => via?.ip ?? []));
  const held = Map.groupBy(addresses, ({ place }) => place);
  const seen = new Set<string>();
  return routes.flatMap(({ resource, place, via, link }) => {
    if (via === undefined || !forwards.has(forwarder(place, via.family))) return [];
    const own = (held.get(place) ?? []).filter(({ net }) => net.family === via.family && !isLocal(net));
    const near = own.find((address) => (link === undefined ? holds(address.net, via) : address.link === link));
    if (near === undefined) return [];
    const shared = lans.of(near.link);
    const next = addresses.find((other) => other.net.ip === via.ip && lans.of(other.link) === shared);
    if (next === undefined || next.place === place) return [];
    if (!namespaces.has(next.place) || programs.has(next.place)) return [];
    return own.flatMap((behind) => {
      // A network is behind the router if a host uses the router as its gateway there. Links between routers are not meant.
      if (lans.of(behind.link) === shared || !gateways.has(behind.net.ip)) return [];
      // The routes of another VRF lead elsewhere.
      if (vrfOf(lab, behind.link) !== vrfOf(lab, near.link)) return [];
      if (knows(lab, next.place, behind) || translates(lab, place, behind, shared)) return [];
      const network = `${behind.net.network}/${behind.net.prefix.length}`;
      if (seen.has(`${next.place} ${network}`)) return [];
      seen.add(`${next.place} ${network}`);
      return [
        {
          about: next.resource,
          message:
            `${describePlace(next.place)} has no route back to ${network}, the network behind ${describePlace(place)}, ` +
            `which sends packets to it (${describe(resource)})`,
          help:
            `add a Route there with the destination "${network}" via ${near.net.ip}, or a NatRule of type masquerade in ` +
            `${describePlace(place)} with that source`,
        },
      ];
    });
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

const translates = ({ sourceNats, lans }: Lab, place: string, { net }: OnInterface, shared: string): boolean =>
  sourceNats.some(
    ({ place: at, source, out }) =>
      at === place && (source === undefined || holds(source, net)) && (out === undefined || lans.of(out) === shared),
  );
