import { splitKey } from "../lab/hosts.ts";
import { holds, isLocal, type Net } from "../lab/net.ts";
import { type Check, type Lab, type OnInterface } from "./check.ts";
import { isIncomplete, mayActIn } from "./open-lans.ts";

/**
 * A cable between two namespaces whose ends have addresses in different networks, so that neither reaches the other. Not where a route over
 * an end, a program or a proxy may make an address of the other end reachable.
 */
export const separateEnds: Check = (lab) => {
  const { pairs, incomplete } = lab;
  if (isIncomplete(lab) || (["route", "program", "sysctl"] as const).some((is) => incomplete.has(is))) return [];
  const held = Map.groupBy(lab.addresses.filter(isUsual), ({ link }) => link);
  const sizes = sizesOf(lab);
  return pairs.flatMap(({ resource, ends }) => {
    const [as = [], bs = []] = ends.map((end) => held.get(end) ?? []);
    if (as[0]?.place === bs[0]?.place || sizes.get(lab.reaches.of(ends[0])) !== 2) return [];
    if (!ends.every((end) => isPlain(lab, end))) return [];
    return separateAddresses(as, bs).map(([a, b]) => ({
      about: resource,
      message:
        `the ends of the cable are in different networks, so that neither reaches the other` +
        `${a.net.family === b.net.family ? "" : " by IPv4 or IPv6"}: ${a.link} has ${textOf(a)}, ${b.link} has ${textOf(b)}`,
      help: "use addresses of one network for both ends",
    }));
  });
};

/** Returns an address of each end for each family in which the ends do not reach each other, or for both if they have none in common. */
function separateAddresses(
  as: readonly OnInterface[],
  bs: readonly OnInterface[],
): (readonly [OnInterface, OnInterface])[] {
  const families = [...Map.groupBy(as, ({ net }) => net.family)].flatMap(([family, ours]) => {
    const theirs = bs.filter(({ net }) => net.family === family);
    return theirs.length === 0 ? [] : [[ours, theirs] as const];
  });
  return (families.length === 0 ? [[as, bs] as const] : families).flatMap(([ours, theirs]) => {
    const [[a], [b]] = [ours, theirs];
    if (a === undefined || b === undefined || ![...ours, ...theirs].every(hasNetwork)) return [];
    return ours.some((one) => theirs.some((other) => reach(one, other))) ? [] : [[a, b] as const];
  });
}

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
    !routes.some(
      (route) => isHere(route) && (route.via === undefined || route.onlink !== false || !isUsual({ net: route.via })),
    ) &&
    !sysctls.some((sysctl) => isHere(sysctl) && sysctl.key.includes("proxy_arp"))
  );
}

/** Returns whether an address is no IPv6 link-local one, which each interface has. */
const isUsual = ({ net }: { readonly net: Net }): boolean => net.family === "inet" || !isLocal(net);

/** Returns whether an address has a network. A single address is reached by routes. */
const hasNetwork = ({ net, peer }: OnInterface): boolean => peer === undefined && net.prefix.length < net.bits.length;

const reach = (one: OnInterface, other: OnInterface): boolean => holds(one.net, other.net) || holds(other.net, one.net);

const textOf = ({ net }: OnInterface): string => `${net.ip}/${net.prefix.length}`;
