import { holds, isLocal } from "../lab/net.ts";
import { type Check, describePlace, type Lab } from "./check.ts";

/** A gateway on a LAN whose interfaces are all known, and that is the address of none of them. */
export const noSuchGateway: Check = (lab) => {
  const { routes, addresses, links, namespaces, incomplete, reaches } = lab;
  if (["address", "link", "pair", "namespace"].some((is) => incomplete.has(is as "address"))) return [];
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

/** Returns a test for LANs that may have interfaces or addresses that are no resources of the program. */
function openLans({ links, addresses, masters, programs, sysctls, reaches }: Lab): (lan: string) => boolean {
  const outside = [...links.values()].flatMap(({ key, parent, traits }) => [
    ...(traits.isTunnel || OPEN.includes(traits.device) ? [key] : []),
    ...(parent !== undefined && !links.has(parent) ? [key] : []),
  ]);
  const foreign = masters.filter(({ master }) => !links.has(master)).map(({ link }) => link);
  const proxies = sysctls.filter(({ key, value }) => /\.proxy_(arp|ndp)/.test(key) && value !== "0");
  const active = new Set([...programs, ...proxies.map(({ place }) => place)]);
  const changing = addresses.filter(({ place }) => active.has(place)).map(({ link }) => link);
  const inActive = [...links.keys()].filter((key) =>
    active.has(key.includes("/") ? key.slice(0, key.indexOf("/")) : ""),
  );
  const open = new Set([...outside, ...foreign, ...changing, ...inActive].map((key) => reaches.of(key)));
  return (lan) => open.has(lan);
}

/** The devices behind which there are others: hardware, or a virtual machine. */
const OPEN = ["bond", "macvtap", "nic", "tap", "tun"];

const shortList = (texts: readonly string[]): string =>
  texts.length <= MOST ? texts.join(", ") : `${texts.slice(0, MOST).join(", ")} and ${texts.length - MOST} more`;

const MOST = 4;
