import type { Undeclared } from "../inspect/undeclared.ts";
import type { Line, Place, Topology } from "./topology.ts";

/** Adds the addresses and routes that no resource declares, and marks them. */
export const overlayUndeclared = (topology: Topology, undeclared: Undeclared): Topology => ({
  ...topology,
  places: topology.places.map((place) => (place.isHost ? place : withUndeclared(place, undeclared))),
});

const withUndeclared = (place: Place, { addresses, routes }: Undeclared): Place => ({
  ...place,
  links: place.links.map((link) => ({
    ...link,
    addresses: [
      ...link.addresses,
      ...addresses
        .filter((one) => one.place === place.place && one.link === link.name)
        .map(({ address, seconds }) => line("address", address, seconds === undefined ? "" : "lease")),
    ],
  })),
  lines: [...place.lines, ...shown(routes.filter((route) => route.place === place.place))],
});

/** Returns the lines of the first routes and the number of the others: all routes of a large table would hide the picture. */
function shown(routes: Undeclared["routes"]): Line[] {
  const lines = routes.slice(0, MOST).map(({ text, protocol }) => line("route", text, protocol));
  const more = routes.length - lines.length;
  return more > 0 ? [...lines, line("route", `${more} more`, "")] : lines;
}

const MOST = 12;

const line = (label: string, text: string, resource: string): Line => ({ label, text, resource, mark: "undeclared" });
