import { field } from "../lab/arguments.ts";
import { labHostOf, splitKey } from "../lab/hosts.ts";
import type { Lab, LabLink } from "./check.ts";

/** Returns whether a lab may have interfaces or addresses whose values are not known yet. */
export const isIncomplete = ({ incomplete }: Lab): boolean =>
  (["address", "link", "pair", "namespace"] as const).some((is) => incomplete.has(is));

/** Returns the interfaces behind which there may be others that are no resources of the program. */
export function openLinks(lab: Lab): string[] {
  const { links, masters } = lab;
  const leadsOut = openTunnels(lab);
  const outside = [...links.values()].flatMap((link) => [
    ...(leadsOut(link) || OPEN.includes(link.traits.device) ? [link.key] : []),
    ...(link.parent !== undefined && !links.has(link.parent) ? [link.key] : []),
  ]);
  const foreign = masters.filter(({ master }) => !links.has(master)).map(({ link }) => link);
  return [...outside, ...foreign];
}

/** Returns whether a program in one of some places may act in a place: one that runs there, or on its lab host. */
export const mayActIn = (programs: ReadonlySet<string>, place: string): boolean =>
  programs.has(place) || programs.has(labHostOf(place));

/** Returns whether packets can neither enter nor leave a lab, and its programs set no addresses and routes. */
export function isClosed(lab: Lab): boolean {
  const { addresses, links, namespaces, programs } = lab;
  const places = [...addresses.map(({ place }) => place), ...[...links.keys()].map((key) => splitKey(key).place)];
  return programs.size === 0 && openLinks(lab).length === 0 && places.every((place) => namespaces.has(place));
}

/** Returns a test for LANs that may have interfaces or addresses that are no resources of the program. */
export function openLans(lab: Lab): (lan: string) => boolean {
  const { links, addresses, programs, sysctls, placed, reaches } = lab;
  const proxies = [
    ...sysctls.filter(({ key, value }) => /\.proxy_(arp|ndp)/.test(key) && value !== "0"),
    ...placed.filter(({ resource }) => field(resource.args, "proxy") === true),
  ];
  const active = new Set([...programs, ...proxies.map(({ place }) => place)]);
  const changing = addresses.filter(({ place }) => active.has(place)).map(({ link }) => link);
  const inActive = [...links.keys()].filter((key) => active.has(splitKey(key).place));
  const open = new Set([...openLinks(lab), ...changing, ...inActive].map((key) => reaches.of(key)));
  return (lan) => open.has(lan);
}

/**
 * Returns a test for tunnels that may have other ends than interfaces of the lab: unknown ones, those at an address that none of the program's
 * namespaces has, or in one with a program, and peers whose key no interface has.
 */
function openTunnels({ links, addresses, namespaces, programs }: Lab): (link: LabLink) => boolean {
  const inside = addresses.filter(({ place }) => namespaces.has(place) && !mayActIn(programs, place));
  const own = new Set<string | null>(inside.map(({ net }) => net.ip));
  const keys = new Set([...links.values()].map(({ tunnel }) => tunnel?.publicKey));
  return ({ traits, tunnel }) => {
    if (traits.isTunnel === undefined) return false;
    if (tunnel?.publicKey !== undefined)
      return tunnel.peers.some(({ publicKey }) => publicKey === null || !keys.has(publicKey));
    return tunnel === undefined || tunnel.remotes.length === 0 || !tunnel.remotes.every((remote) => own.has(remote));
  };
}

/** The devices behind which there are others: hardware, or a virtual machine. */
const OPEN = ["bond", "macvtap", "nic", "tap", "tun"];
