import { splitKey } from "../lab/hosts.ts";
import { holds } from "../lab/net.ts";
import { type Check, type Lab, type OnInterface } from "./check.ts";
import { isIncomplete, mayActIn } from "./open-lans.ts";

/**
 * A cable between two namespaces whose ends have IPv4 addresses in different networks, so that neither reaches the other. Not where a route over
 * an end, a program or a proxy may make an address of the other end reachable.
 */
export const separateEnds: Check = (lab) => {
  const { pairs, incomplete } = lab;
  if (isIncomplete(lab) || (["route", "program", "sysctl"] as const).some((is) => incomplete.has(is))) return [];
  const held = Map.groupBy(lab.addresses, ({ link }) => link);
  const sizes = sizesOf(lab);
  return pairs.flatMap(({ resource, ends }) => {
    const [as, bs] = ends.map((end) => (held.get(end) ?? []).filter(({ net }) => net.family === "inet"));
    const [a, b] = [as?.[0], bs?.[0]];
    if (as === undefined || bs === undefined || a === undefined || b === undefined || a.place === b.place) return [];
    if (sizes.get(lab.reaches.of(ends[0])) !== 2 || !ends.every((end) => isPlain(lab, end))) return [];
    if (![...as, ...bs].every(hasNetwork) || as.some((one) => bs.some((other) => reach(one, other)))) return [];
    return [
      {
        about: resource,
        message: `the ends of the cable are in different networks, so that neither reaches the other: ${a.link} has ${textOf(a)}, ${b.link} has ${textOf(b)}`,
        help: "use addresses of one network for both ends",
      },
    ];
  });
};

/** Returns the number of interfaces in each LAN. */
function sizesOf({ links, reaches }: Lab): ReadonlyMap<string, number> {
  const lans = Map.groupBy(links.keys(), (key) => reaches.of(key));
  return new Map([...lans].map(([lan, keys]) => [lan, keys.length]));
}

/** Returns whether only the addresses of an interface decide what it reaches. */
function isPlain({ namespaces, programs, routes, sysctls }: Lab, key: string): boolean {
  const { place } = splitKey(key);
  const isHere = (one: { readonly place: string }) => one.place === place;
  return (
    namespaces.has(place) &&
    !mayActIn(programs, place) &&
    !routes.some((route) => isHere(route) && (route.via === undefined || route.onlink !== false)) &&
    !sysctls.some((sysctl) => isHere(sysctl) && sysctl.key.includes("proxy_arp"))
  );
}

/** Returns whether an address has a network. A single address is reached by routes. */
const hasNetwork = ({ net, peer }: OnInterface): boolean => peer === undefined && net.prefix.length < net.bits.length;

const reach = (one: OnInterface, other: OnInterface): boolean => holds(one.net, other.net) || holds(other.net, one.net);

const textOf = ({ net }: OnInterface): string => `${net.ip}/${net.prefix.length}`;
