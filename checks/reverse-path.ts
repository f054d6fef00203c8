import { holds, isLocal } from "../lab/net.ts";
import { forwarder, type Sysctl, vrfOf } from "../lab/network.ts";
import { type Check, type Declared, describe, describePlace, type Lab, type OnInterface } from "./check.ts";

/**
 * A namespace that drops packets by strict reverse path filtering: a router sends it packets from a network through one interface, and its
 * own route to that network leads through another one.
 */
export const reversePath: Check = (lab) => {
  const { routes, addresses, lans, forwards, incomplete } = lab;
  if (["address", "route", "link", "pair", "sysctl", "source NAT"].some((is) => incomplete.has(is as "route")))
    return [];
  // A network is behind a router if a host uses the router as its gateway there.
  const hosts = routes.filter(({ place, via }) => via !== undefined && !forwards.has(forwarder(place, via.family)));
  const gateways = new Set(hosts.flatMap(({ via }) => via?.ip ?? []));
  const seen = new Set<string>();
  return routes.flatMap(({ resource, place: router, via, link }) => {
    if (via?.family !== "inet" || !forwards.has(forwarder(router, "inet"))) return [];
    const own = addresses.filter(({ place, net }) => place === router && net.family === "inet" && !isLocal(net));
    const near = own.find((address) => (link === undefined ? holds(address.net, via) : address.link === link));
    const next = near && addresses.find((one) => one.net.ip === via.ip && lans.of(one.link) === lans.of(near.link));
    if (near === undefined || next === undefined || next.place === router || mayDiffer(lab, next.place)) return [];
    const strict = strictBy(lab, next);
    if (strict === undefined) return [];
    return own.flatMap((behind) => {
      if (lans.of(behind.link) === lans.of(near.link) || !gateways.has(behind.net.ip)) return [];
      // The routes of another VRF lead elsewhere.
      if (vrfOf(lab, behind.link) !== vrfOf(lab, near.link) || translates(lab, behind, near)) return [];
      const back = linkTo(lab, next.place, behind);
      const key = `${next.link} ${behind.net.network}`;
      if (back === undefined || lans.of(back) === lans.of(next.link) || seen.has(key)) return [];
      seen.add(key);
      const network = `${behind.net.network}/${behind.net.prefix.length}`;
      return [
        {
          about: strict.resource,
          message:
            `${describePlace(next.place)} drops packets from ${network} that arrive through ${next.link}, because its own route to that ` +
            `network leads through ${back}; ${describePlace(router)} sends it such packets (${describe(resource)})`,
          help: `set ${strict.key} to 2, or route ${network} back through ${next.link}`,
        },
      ];
    });
  });
};

/** Returns whether the routes of a place may be others than those that the program declares in its table `main`. */
const mayDiffer = ({ namespaces, programs, placed, links }: Lab, place: string): boolean =>
  !namespaces.has(place) ||
  programs.has(place) ||
  placed.some((one) => one.place === place && one.resource.type === "RoutingRule") ||
  [...links.keys()].some((key) => key.startsWith(`${place}/`) && vrfOf({ links }, key) !== undefined);

/** Returns the sysctl that makes the filter of an interface strict. The larger of two values applies. */
function strictBy({ sysctls }: Lab, { place, link }: OnInterface): Sysctl<Declared> | undefined {
  const name = link.slice(place.length + 1).replaceAll(".", "/");
  const settingOf = (interfaces: string) =>
    sysctls.findLast((one) => one.place === place && one.key === `net.ipv4.conf.${interfaces}.rp_filter`);
  const both = [settingOf("all"), settingOf(name) ?? settingOf("default")].filter((one) => one !== undefined);
  return both.some(({ value }) => Number(value) > 1) ? undefined : both.find(({ value }) => Number(value) === 1);
}

/** Returns the interface through which a place sends packets to a network; undefined if it has no route there. */
function linkTo({ addresses, routes }: Lab, place: string, { net }: OnInterface): string | undefined {
  const own = addresses.filter((held) => held.place === place);
  const direct = own.map(({ link, net: to }) => ({ link, to }));
  const routed = routes
    .filter((route) => route.place === place)
    .map(({ destination: to, link, via }) => ({
      link: link ?? own.find((held) => via !== undefined && holds(held.net, via))?.link,
      to,
    }));
  const [best] = [...direct, ...routed]
    .filter(({ to }) => to === undefined || holds(to, net))
    .sort((one, other) => (other.to?.prefix.length ?? 0) - (one.to?.prefix.length ?? 0));
  return best?.link;
}

/** Returns whether a router sends packets of a network with an address of its own. */
const translates = ({ sourceNats, lans }: Lab, { place, net }: OnInterface, near: OnInterface): boolean =>
  sourceNats.some(
    (nat) =>
      nat.place === place &&
      (nat.source === undefined || holds(nat.source, net)) &&
      (nat.out === undefined || lans.of(nat.out) === lans.of(near.link)),
  );
