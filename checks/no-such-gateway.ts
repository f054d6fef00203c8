import { holds, isLocal } from "../lab/net.ts";
import { type Check, describePlace, shortList } from "./check.ts";
import { isIncomplete, openLans } from "./open-lans.ts";

/** A gateway on a LAN whose interfaces are all known, and that is the address of none of them. */
export const noSuchGateway: Check = (lab) => {
  const { routes, addresses, links, namespaces, reaches } = lab;
  if (isIncomplete(lab)) return [];
  const isOpen = openLans(lab);
  const owned = new Set(addresses.map(({ link, net }) => `${reaches.of(link)} ${net.ip}`));
  const held = Map.groupBy(addresses, ({ place }) => place);
  return routes.flatMap(({ resource, place, link, via }) => {
    if (via === undefined || isLocal(via) || !namespaces.has(place)) return [];
    const own = held.get(place) ?? [];
    const near = own.find((held) => holds(held.net, via) && (link === undefined || held.link === link))?.link;
    if (near === undefined || !links.has(near)) return [];
    const lan = reaches.of(near);
    if (isOpen(lan) || owned.has(`${lan} ${via.ip}`)) return [];
    const others = addresses.filter((held) => held.place !== place && reaches.of(held.link) === lan);
    const texts = others.filter(({ net }) => net.family === via.family).map(({ net }) => net.ip);
    if (texts.length === 0) return [];
    return [
      {
        about: resource,
        message: `no interface on the LAN of ${describePlace(place)} has the address of its gateway ${via.ip}; the LAN has ${shortList(texts)}`,
        help: "use the address of a router on that LAN, or add the address to the router",
      },
    ];
  });
};
