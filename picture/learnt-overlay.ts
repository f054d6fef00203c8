import type { Learnt } from "../inspect/learnt.ts";
import type { Line, Place, Topology } from "./topology.ts";

/** Adds the addresses and routes that protocols have set, and marks them as learnt. */
export const overlayLearnt = (topology: Topology, learnt: Learnt): Topology => ({
  ...topology,
  places: topology.places.map((place) => (place.isHost ? place : withLearnt(place, learnt))),
});

const withLearnt = (place: Place, { addresses, routes }: Learnt): Place => ({
  ...place,
  links: place.links.map((link) => ({
    ...link,
    addresses: [
      ...link.addresses,
      ...addresses
        .filter((learnt) => learnt.place === place.name && learnt.link === link.name)
        .map(({ address }) => line("address", address, "lease")),
    ],
  })),
  lines: [...place.lines, ...shown(routes.filter((route) => route.place === place.name))],
});

/** Returns the lines of routes. A router with a large table would hide the picture. */
function shown(routes: Learnt["routes"]): Line[] {
  const lines = routes.slice(0, MOST).map(({ text, protocol }) => line("route", text, protocol));
  const more = routes.length - lines.length;
  return more > 0 ? [...lines, line("route", `${more} more`, "")] : lines;
}

const MOST = 12;

const line = (label: string, text: string, resource: string): Line => ({ label, text, resource, mark: "learnt" });
