import { forwarder } from "../lab/forwarding.ts";
import { hold, holds, isLocal } from "../lab/net.ts";
import { vrfOf } from "../lab/network.ts";
import type { SourceNat } from "../lab/packet-rules.ts";
import type { Declared, Lab, OnInterface } from "./check.ts";
import { mayTranslate } from "./source-nats.ts";

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
  /** The rules of the router that may replace the source address of the packets. */
  readonly nats: readonly SourceNat<Declared>[];
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
      if (vrfOf(lab, behind.link) !== vrfOf(lab, near.link)) continue;
      const network = `${behind.net.network}/${behind.net.prefix.length}`;
      yield { route, router, behind, near, next, network, nats: natsOf(lab, behind, near) };
    }
  }
}

/** Returns the rules of a router that may replace the source address of packets of a network. */
const natsOf = (lab: Lab, behind: OnInterface, near: OnInterface): SourceNat<Declared>[] =>
  lab.sourceNats.filter(
    (nat) =>
      nat.place === behind.place &&
      (nat.sources === undefined || hold(nat.sources, behind.net)) &&
      (nat.outs === undefined || nat.outs.some((out) => lab.lans.of(out) === lab.lans.of(near.link))) &&
      mayTranslate(lab, nat, { net: behind.net, from: behind, out: near.link }),
  );
