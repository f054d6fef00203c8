import { forwarder } from "../lab/forwarding.ts";
import { holds, isLocal } from "../lab/net.ts";
import { vrfOf } from "../lab/network.ts";
import type { Declared, Lab, OnInterface } from "./check.ts";

/** A network behind a router whose packets a route of the router sends to another node. */
export interface Transit {
  /** The resource with the route. */
  readonly route: Declared;
  readonly router: string;
  /** The router's interface in the network. */
  readonly behind: OnInterface;
  /** The interface through which the router sends the packets. */
  readonly near: OnInterface;
  /** The interface of the next node that receives them. */
  readonly next: OnInterface;
  /** The network, in CIDR notation. */
  readonly network: string;
}

/**
 * Returns the networks behind routers whose packets reach another node. A network is behind a router if a host uses the router as its gateway
 * there; links between routers are none. None is returned if routes or addresses are unknown.
 */
export function* transits(lab: Lab): Generator<Transit> {
  const { routes, addresses, lans, forwards, incomplete } = lab;
  if ((["address", "route", "link", "pair", "source NAT"] as const).some((is) => incomplete.has(is))) return;
  const hosts = routes.filter(({ place, via }) => via !== undefined && !forwards.has(forwarder(place, via.family)));
  const gateways = new Set(hosts.flatMap(({ via }) => via?.ip ?? []));
  const held = Map.groupBy(addresses, ({ place }) => place);
  for (const { resource: route, place: router, via, link } of routes) {
    if (via === undefined || !forwards.has(forwarder(router, via.family))) continue;
    const own = (held.get(router) ?? []).filter(({ net }) => net.family === via.family && !isLocal(net));
    const near = own.find((address) => (link === undefined ? holds(address.net, via) : address.link === link));
    const next = near && addresses.find((one) => one.net.ip === via.ip && lans.of(one.link) === lans.of(near.link));
    if (near === undefined || next === undefined || next.place === router) continue;
    for (const behind of own) {
      if (lans.of(behind.link) === lans.of(near.link) || !gateways.has(behind.net.ip)) continue;
      // The routes of another VRF lead elsewhere.
      if (vrfOf(lab, behind.link) !== vrfOf(lab, near.link) || translates(lab, behind, near)) continue;
      yield { route, router, behind, near, next, network: `${behind.net.network}/${behind.net.prefix.length}` };
    }
  }
}

/** Returns whether a router sends packets of a network with an address of its own. */
const translates = ({ sourceNats, lans }: Lab, { place, net }: OnInterface, near: OnInterface): boolean =>
  sourceNats.some(
    (nat) =>
      nat.place === place &&
      (nat.source === undefined || holds(nat.source, net)) &&
      (nat.outs === undefined || nat.outs.some((out) => lans.of(out) === lans.of(near.link))),
  );
