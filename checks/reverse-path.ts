import { holds } from "../lab/net.ts";
import { type Sysctl, vrfOf } from "../lab/network.ts";
import { type Check, type Declared, describe, describePlace, type Lab, type OnInterface } from "./check.ts";
import { transits } from "./transits.ts";

/**
 * A namespace that drops packets by strict reverse path filtering: a router sends it packets from a network through one interface, and its
 * own route to that network leads through another one.
 */
export const reversePath: Check = (lab) => {
  if (lab.incomplete.has("sysctl")) return [];
  const seen = new Set<string>();
  return [...transits(lab)].flatMap(({ route, router, behind, next, network, nats }) => {
    if (nats.length > 0) return [];
    if (next.net.family !== "inet" || mayDiffer(lab, next.place)) return [];
    const strict = strictBy(lab, next);
    const back = linkTo(lab, next.place, behind);
    const key = `${next.link} ${network}`;
    if (strict === undefined || back === undefined || seen.has(key)) return [];
    if (lab.lans.of(back) === lab.lans.of(next.link)) return [];
    seen.add(key);
    return [
      {
        about: strict.resource,
        message:
          `${describePlace(next.place)} drops packets from ${network} that arrive through ${next.link}, because its own route to that ` +
          `network leads through ${back}; ${describePlace(router)} sends it such packets (${describe(route)})`,
        help: `set ${strict.key} to 2, or route ${network} back through ${next.link}`,
      },
    ];
  });
};

/** Returns whether the routes of a place may be others than those that the program declares in its table `main`. */
const mayDiffer = ({ namespaces, programs, routingRules, links }: Lab, place: string): boolean =>
  !namespaces.has(place) ||
  programs.has(place) ||
  routingRules.has(place) ||
  [...links.keys()].some((key) => key.startsWith(`${place}/`) && vrfOf({ links }, key) !== undefined);

/** Returns the sysctl that makes the filter of an interface strict. The larger of two values applies. */
function strictBy({ sysctls }: Lab, { place, link }: OnInterface): Sysctl<Declared> | undefined {
  const name = link.slice(place.length + 1).replaceAll(".", "/");
  const settingOf = (interfaces: string) =>
    sysctls.findLast((one) => one.place === place && one.key === `net.ipv4.conf.${interfaces}.rp_filter`);
  const both = [settingOf("all"), settingOf(name) ?? settingOf("default")].filter((one) => one !== undefined);
  return both.some(({ value }) => Number(value) > 1) ? undefined : both.find(({ value }) => Number(value) === 1);
}

/** Returns the interface through which a place sends packets to a network; undefined if it has no route there, or several. */
function linkTo({ addresses, routes }: Lab, place: string, { net }: OnInterface): string | undefined {
  const own = addresses.filter((held) => held.place === place);
  const direct = own.map(({ link, net: to }) => ({ link, to }));
  const routed = routes
    .filter((route) => route.place === place)
    .map(({ destination: to, link, via }) => ({
      link: link ?? own.find((held) => via !== undefined && holds(held.net, via))?.link,
      to,
    }));
  const [best, ...others] = [...direct, ...routed]
    .filter(({ to }) => to === undefined || holds(to, net))
    .sort((one, other) => (other.to?.prefix.length ?? 0) - (one.to?.prefix.length ?? 0));
  // Of several next hops, the filter accepts each.
  const isOneOfSeveral = others.some(({ to, link }) => to?.prefix === best?.to?.prefix && link !== best?.link);
  return isOneOfSeveral ? undefined : best?.link;
}
