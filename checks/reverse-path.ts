import { holds, isLocal, type Net } from "../lab/net.ts";
import { forwarder, type Sysctl, vrfOf } from "../lab/network.ts";
import { type Check, type Declared, describe, describePlace, type Lab, type OnInterface } from "./check.ts";

/**
 * A place that drops packets by strict reverse path filtering: a router sends it packets from a network through one interface, and its
 * own route to that network leads through another one.
 */
export const reversePath: Check = (lab) => {
  const { routes, addresses, lans, forwards, incomplete } = lab;
  if (["address", "route", "link", "pair", "sysctl"].some((is) => incomplete.has(is as "route"))) return [];
  const held = Map.groupBy(addresses, ({ place }) => place);
  const gateways = new Set(
    routes.filter(({ place }) => !forwards.has(forwarder(place, "inet"))).flatMap(({ via }) => via?.ip ?? []),
  );
  const seen = new Set<string>();
  return routes.flatMap(({ resource, place: sender, via }) => {
    if (via === undefined || !forwards.has(forwarder(sender, "inet"))) return [];
    const own = (held.get(sender) ?? []).filter(({ net }) => net.family === "inet");
    const near = own.find(({ net }) => holds(net, via));
    const next = near && addresses.find(({ net, link }) => net.ip === via.ip && lans.of(link) === lans.of(near.link));
    if (near === undefined || next === undefined || next.place === sender || mayDiffer(lab, next.place)) return [];
    const strict = strictBy(lab, next);
    if (strict === undefined) return [];
    return own.flatMap((behind) => {
      // A network is behind the router if a host uses the router as its gateway there.
      if (lans.of(behind.link) === lans.of(near.link) || !gateways.has(behind.net.ip)) return [];
      if (isLocal(behind.net) || hides(lab, behind, near)) return [];
      const back = linkTo(lab, next.place, behind.net);
      const key = `${next.link} ${behind.net.network}`;
      if (back === undefined || lans.of(back) === lans.of(next.link) || seen.has(key)) return [];
      seen.add(key);
      const network = `${behind.net.network}/${behind.net.prefix.length}`;
      return [
        {
          about: strict.resource,
          message:
            `${describePlace(next.place)} drops packets from ${network} that arrive through ${next.link}, because its own route to that network ` +
            `leads through ${back}; ${describePlace(sender)} sends it such packets (${describe(resource)})`,
          help: `set ${strict.key} to 2, or route ${network} back through ${next.link}`,
        },
      ];
    });
  });
};

/** Returns whether the routes of a place may be others than those of its table `main` in the program. */
const mayDiffer = ({ programs, placed, links }: Lab, place: string): boolean =>
  programs.has(place) ||
  placed.some((one) => one.place === place && one.resource.type === "RoutingRule") ||
  [...links.keys()].some((key) => key.startsWith(`${place}/`) && vrfOf({ links }, key) !== undefined);

/** Returns the sysctl by which packets that arrive at an interface are dropped if their way back is another one: the largest value counts. */
function strictBy({ sysctls }: Lab, { place, link }: OnInterface): Sysctl<Declared> | undefined {
  const name = (place === "" ? link : link.slice(place.length + 1)).replaceAll(".", "/");
  const valueOf = (one: string) =>
    sysctls.findLast((sysctl) => sysctl.place === place && sysctl.key === `net.ipv4.conf.${one}.rp_filter`);
  const both = [valueOf("all"), valueOf(name) ?? valueOf("default")].filter((sysctl) => sysctl !== undefined);
  return both.some(({ value }) => Number(value) > 1) ? undefined : both.find(({ value }) => Number(value) === 1);
}

/** Returns the interface through which a place sends packets to a network; undefined if it has no route there. */
function linkTo({ addresses, routes }: Lab, place: string, net: Net): string | undefined {
  const own = addresses.filter((held) => held.place === place);
  const direct = own
    .filter((held) => holds(held.net, net))
    .map((held) => ({ length: held.net.prefix.length, link: held.link }));
  const routed = routes
    .filter((route) => route.place === place && (route.destination === undefined || holds(route.destination, net)))
    .map(({ destination, link, via }) => ({
      length: destination?.prefix.length ?? 0,
      link: link ?? own.find((held) => via !== undefined && holds(held.net, via))?.link,
    }));
  return [...direct, ...routed].sort((one, other) => other.length - one.length)[0]?.link;
}

/** Returns whether a router sends packets of a network with an address of its own. */
const hides = ({ sourceNats, lans }: Lab, { place, net }: OnInterface, out: OnInterface): boolean =>
  sourceNats.some(
    (nat) =>
      nat.place === place &&
      (nat.source === undefined || holds(nat.source, net)) &&
      (nat.out === undefined || lans.of(nat.out) === lans.of(out.link)),
  );
