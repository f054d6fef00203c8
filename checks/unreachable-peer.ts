import { holds, host, isLocal } from "../lab/net.ts";
import { addressOf, type TunnelPeer } from "../lab/tunnel.ts";
import { type Check, describe, describePlace, type Lab, type LabLink, shortList } from "./check.ts";
import { isIncomplete, mayActIn, openLans } from "./open-lans.ts";

/**
 * A peer of a WireGuard interface to which no packet can be sent: neither of the two has an endpoint of the other, or the endpoint has an address
 * that no interface on its LAN has, or a port at which its interface does not receive. A program may set endpoints.
 */
export const unreachablePeer: Check = (lab) => {
  if (isIncomplete(lab) || (["route", "program", "NAT rule"] as const).some((is) => lab.incomplete.has(is))) return [];
  const all = [...lab.links.values()].filter(({ tunnel }) => tunnel?.publicKey !== undefined);
  if (all.some(({ tunnel }) => tunnel?.publicKey === null)) return [];
  // The interfaces of one lab host may share a key.
  const byKey = Map.groupBy(all, ({ tunnel }) => tunnel?.publicKey);
  const faultOf = faults(lab);
  return all.flatMap((link) =>
    (link.tunnel?.peers ?? []).flatMap((peer, index) => {
      const others = byKey.get(peer.publicKey) ?? [];
      if (others.length > 1 || [link, ...others].some((end) => isActive(lab, end))) return [];
      const fault = faultOf(link, peer, others[0], index);
      return fault === undefined ? [] : [{ about: link.resource, ...fault }];
    }),
  );
};

const isActive = ({ programs }: Lab, { key, underlay = "" }: LabLink): boolean =>
  mayActIn(programs, underlay) || mayActIn(programs, key.slice(0, key.indexOf("/")));

/** Returns a function that returns why no packet reaches a peer; undefined if some may. */
function faults(lab: Lab) {
  const isOpen = openLans(lab);
  const { addresses, routes, reaches } = lab;
  return (link: LabLink, { endpoint }: TunnelPeer, other: LabLink | undefined, index: number) => {
    if (endpoint === undefined) return other && noEndpoint(link, other);
    const to = host(addressOf(endpoint) ?? "");
    if (endpoint === null || to === undefined || isLocal(to)) return undefined;
    const of = `peers[${index}].endpoint of ${describe(link.resource)}`;
    const at = link.underlay ?? "";
    const holders = addresses.filter(({ net }) => net.ip === to.ip);
    if (holders.length > 0) {
      const port = other?.args["listenPort"];
      const isThere = other !== undefined && holders.every(({ place }) => place === (other.underlay ?? ""));
      if (lab.natRules.length > 0 || !isThere || typeof port !== "number" || endpoint.endsWith(`:${port}`))
        return undefined;
      return {
        message: `${of} is ${endpoint}, but ${other.key} (${describe(other.resource)}) receives at the port ${port}`,
        help: `use the port ${port}, or set listenPort of ${describe(other.resource)}`,
      };
    }
    const near = addresses.find(({ place, net }) => place === at && holds(net, to));
    const isRouted = routes.some(
      ({ place, destination }) => place === at && destination !== undefined && holds(destination, to),
    );
    if (near === undefined || !lab.links.has(near.link) || isRouted || isOpen(reaches.of(near.link))) return undefined;
    const there = addresses.filter(({ place, link: on }) => place !== at && reaches.of(on) === reaches.of(near.link));
    return {
      message: `${of} is ${endpoint}, but no interface on this LAN of ${describePlace(at)} has the address ${to.ip}`,
      help: `use the address of the peer's underlay; the LAN has ${shortList(there.map(({ net }) => net.ip)) || "no other"}`,
    };
  };
}

/** Returns why two interfaces send each other nothing; undefined if one of them has an endpoint of the other. It is reported once. */
function noEndpoint(link: LabLink, other: LabLink) {
  const back = other.tunnel?.peers.filter(({ publicKey }) => publicKey === link.tunnel?.publicKey) ?? [];
  if (back.length === 0 || back.some(({ endpoint }) => endpoint !== undefined) || link.key >= other.key)
    return undefined;
  return {
    message: `neither ${link.key} nor its peer ${other.key} (${describe(other.resource)}) has an endpoint of the other, so neither begins a handshake`,
    help: `set endpoint of the peer in one of them to an address of the other's underlay, with its listenPort`,
  };
}
