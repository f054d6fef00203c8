import { splitKey } from "../lab/hosts.ts";
import { holds, type Net, overlap } from "../lab/net.ts";
import { networksBehind } from "../lab/tunnel.ts";
import { type Check, describe, type Lab, type LabLink, shortList } from "./check.ts";
import { mayActIn } from "./open-lans.ts";

/**
 * A network of a peer of a WireGuard interface to which no route leads: the kernel sends no packet to the peer. A default route over another
 * interface is none, but any other route to a part of the network may be meant. A program, or a routing rule for another table, may lead there.
 */
export const unroutedPeers: Check = (lab) => {
  const { links, namespaces, programs, routingRules, incomplete } = lab;
  if ((["address", "link", "route", "program"] as const).some((is) => incomplete.has(is))) return [];
  return [...links.values()].flatMap((link) => {
    const { place } = splitKey(link.key);
    const networks = link.tunnel?.publicKey === undefined ? undefined : networksBehind(link.tunnel);
    if (networks === undefined || !namespaces.has(place) || routingRules.has(place) || mayActIn(programs, place))
      return [];
    const left = networks.filter((network) => network.prefix !== "" && !isRouted(lab, link, place, network));
    if (left.length === 0) return [];
    return [
      {
        about: link.resource,
        message: `allowedIps of the peers of ${describe(link.resource)} have ${shortList(left.map(textOf))}, but no route leads there over ${link.key}: no packet is sent to the peer`,
        help: "set routes: true, or declare a Route to the network with the interface",
      },
    ];
  });
};

/** Returns whether a route of a place, or an address of an interface there, may be for a network behind a link. */
function isRouted({ addresses, routes }: Lab, { key }: LabLink, place: string, network: Net): boolean {
  const here = addresses.filter((held) => held.place === place);
  const own = here.filter(({ link }) => link === key);
  return (
    here.some(({ net, peer }) => overlap(net, network) || (peer !== undefined && holds(network, peer))) ||
    routes.some(({ place: at, destination, via, link }) => {
      if (at !== place) return false;
      if (destination !== undefined && destination.prefix !== "") return overlap(destination, network);
      const family = (destination ?? via)?.family;
      if (family !== undefined && family !== network.family) return false;
      // A default route by the number of a next hop has neither.
      return link === undefined ? via === undefined || own.some(({ net }) => holds(net, via)) : link === key;
    })
  );
}

const textOf = ({ network, prefix }: Net): string => `${network}/${prefix.length}`;
