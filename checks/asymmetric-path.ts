import { holds, isLocal } from "../lab/net.ts";
import { forwarder, vrfOf } from "../lab/network.ts";
import { type Check, describe, describePlace, type Lab, type OnInterface } from "./check.ts";

/**
 * A path there and another one back, of which a strict reverse-path filter drops the packets: they arrive by an interface that is not
 * the one by which the route back to their source leaves.
 */
export const asymmetricPath: Check = (lab) => {
  const { routes, addresses, lans, forwards, incomplete } = lab;
  if (["address", "route", "link", "pair", "sysctl", "source NAT"].some((is) => incomplete.has(is as "route")))
    return [];
  // A network is behind a router if a host uses the router as its gateway there.
  const hosts = routes.filter(({ place, via }) => via !== undefined && !forwards.has(forwarder(place, via.family)));
  const gateways = new Set(hosts.flatMap(({ via }) => via?.ip ?? []));
  return routes.flatMap(({ resource, place, via, link }) => {
    if (via?.family !== "inet" || !forwards.has(forwarder(place, "inet"))) return [];
    const own = addresses.filter((one) => one.place === place && one.net.family === "inet" && !isLocal(one.net));
    const near = own.find(({ link: at, net }) => (link === undefined ? holds(net, via) : at === link));
    const next = addresses.find(({ net, link: at }) => net.ip === via.ip && near && lans.of(at) === lans.of(near.link));
    if (near === undefined || next === undefined || next.place === place) return [];
    if (!isStrict(lab, next) || !isPlain(lab, next.place)) return [];
    return own.flatMap((behind) => {
      if (!gateways.has(behind.net.ip) || lans.of(behind.link) === lans.of(next.link)) return [];
      if (vrfOf(lab, behind.link) !== vrfOf(lab, near.link)) return [];
      if (translates(lab, near, behind)) return [];
      const back = linkTo(lab, next.place, behind);
      if (back === undefined || lans.of(back) === lans.of(next.link)) return [];
      const network = `${behind.net.network}/${behind.net.prefix.length}`;
      return [
        {
          about: resource,
          message:
            `${describePlace(next.place)} drops packets from ${network} that ${describePlace(place)} sends to ${via.ip} ` +
            `(${describe(resource)}): its rp_filter is strict, and its route back to ${network} leaves by ${back}, not by ${next.link}`,
          help: `set net.ipv4.conf.all.rp_filter to "2" (loose) there, or lead the route back through ${next.link}`,
        },
      ];
    });
  });
};

/** Returns whether the routes of a place are those of the program, and the destination alone decides between them. */
const isPlain = ({ namespaces, programs, placed }: Lab, place: string): boolean =>
  namespaces.has(place) &&
  !programs.has(place) &&
  !placed.some((one) => one.place === place && one.resource.type === "RoutingRule");

/** Returns whether the program sets the reverse-path filter of an interface to strict: the larger one of two values applies. */
function isStrict({ sysctls }: Lab, { place, link }: OnInterface): boolean {
  const valueOf = (on: string) =>
    sysctls.find((one) => one.place === place && one.key === `net.ipv4.conf.${on}.rp_filter`)?.value;
  const name = link.slice(link.indexOf("/") + 1).replaceAll(".", "/");
  const values = [valueOf("all"), valueOf(name) ?? valueOf("default")].map((value) => Number(value ?? 0));
  return Math.max(...values) === 1;
}

/** Returns the interface by which a place sends to a network; undefined if it has no route to it, or one whose interface is not known. */
function linkTo({ addresses, routes }: Lab, place: string, { net }: OnInterface): string | undefined {
  const own = addresses.filter((one) => one.place === place);
  const direct = own.map(({ link, net: has }) => ({ link, to: has }));
  const routed = routes
    .filter((one) => one.place === place)
    .map(({ link, via, destination }) => ({
      link: link ?? own.find(({ net: has }) => via !== undefined && holds(has, via))?.link,
      to: destination,
    }));
  const [best] = [...direct, ...routed]
    .filter(({ to }) => to === undefined || holds(to, net))
    .sort((one, other) => (other.to?.prefix.length ?? 0) - (one.to?.prefix.length ?? 0));
  return best?.link;
}

const translates = ({ sourceNats, lans }: Lab, near: OnInterface, { net }: OnInterface): boolean =>
  sourceNats.some(
    ({ place, source, out }) =>
      place === near.place &&
      (source === undefined || holds(source, net)) &&
      (out === undefined || lans.of(out) === lans.of(near.link)),
  );
