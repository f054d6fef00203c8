import { field } from "../lab/arguments.ts";
import { labHostOf, splitKey } from "../lab/hosts.ts";
import type { Lab } from "./check.ts";

/** Returns whether a lab may have interfaces or addresses whose values are not known yet. */
export const isIncomplete = ({ incomplete }: Lab): boolean =>
  (["address", "link", "pair", "namespace"] as const).some((is) => incomplete.has(is));

/** Returns the interfaces behind which there may be others that are no resources of the program. */
export function openLinks({ links, masters }: Lab): string[] {
  const outside = [...links.values()].flatMap(({ key, parent, traits }) => [
    ...(traits.isTunnel || OPEN.includes(traits.device) ? [key] : []),
    ...(parent !== undefined && !links.has(parent) ? [key] : []),
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

/** The devices behind which there are others: hardware, or a virtual machine. */
const OPEN = ["bond", "macvtap", "nic", "tap", "tun"];
