import { splitKey } from "../lab/hosts.ts";
import { matchesName } from "../lab/named-interface.ts";
import { holds, host, isLocal, type Net, net } from "../lab/net.ts";
import { type Check, describe, type Lab, type OnInterface } from "./check.ts";
import { isIncomplete, mayActIn, openLans } from "./open-lans.ts";

/**
 * A NAT rule for packets to an address, or with an address as the new source, in a network of its own namespace, where no interface has the address:
 * the neighbors get no answer to their question for it, so that no packet to it arrives. A program, a proxy or a route to the address may change that.
 */
export const unansweredNat: Check = (lab) => {
  const { natRules, addresses, routes, namespaces, programs, reaches, incomplete } = lab;
  if (isIncomplete(lab) || (["route", "program", "sysctl"] as const).some((is) => incomplete.has(is))) return [];
  const isOpen = openLans(lab);
  return natRules.flatMap(({ resource, place, nat }) => {
    const outer = nat?.outer;
    if (outer === undefined || !namespaces.has(place) || mayActIn(programs, place)) return [];
    return outer.addresses.flatMap((text) => {
      const address = single(text);
      if (address === undefined || isLocal(address)) return [];
      if (addresses.some(({ net, peer }) => net.ip === address.ip || peer?.ip === address.ip)) return [];
      const near = addresses.filter((held) => held.place === place && holds(held.net, address));
      const at = near.find((held) => isThere(lab, held, outer));
      if (at === undefined || near.some(({ link }) => isOpen(reaches.of(link)))) return [];
      const isRouted = routes.some(
        ({ destination }) =>
          destination !== undefined && holds(destination, address) && destination.prefix.length > at.net.prefix.length,
      );
      if (isRouted) return [];
      return [
        {
          about: resource,
          message: `${outer.argument} of ${describe(resource)} ${outer.addresses.length === 1 ? "is" : "has"} ${address.ip}, in the network ${at.net.network}/${at.net.prefix.length} of ${at.link}, but no interface of the lab has this address: no packet to it arrives from there`,
          help: `add ${address.ip}/${address.bits.length} to the addresses of ${at.link}, or use an address that it has: ${at.net.ip}`,
        },
      ];
    });
  });
};

/** Returns a single address, which may have a prefix length; undefined for a network. */
function single(text: string): Net | undefined {
  const given = host(text) ?? net(text);
  return given?.prefix.length === given?.bits.length ? given : undefined;
}

/**
 * Returns whether packets to the address of a rule arrive from the network of an interface. A rule for a destination without an interface may be for the
 * other interfaces, unless the network has the way to all others.
 */
function isThere({ routes }: Lab, held: OnInterface, { argument, links }: Outer): boolean {
  if (links !== undefined) return links.some((link) => matchesName(link, splitKey(held.link).name));
  return (
    argument === "toAddress" ||
    routes.some(
      ({ place, destination, via }) =>
        place === held.place && destination === undefined && via !== undefined && holds(held.net, via),
    )
  );
}

type Outer = NonNullable<NonNullable<Lab["natRules"][number]["nat"]>["outer"]>;
