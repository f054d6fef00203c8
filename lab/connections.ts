import type { KnownItem } from "./model.ts";
import { type Segments, segments } from "./segments.ts";
import { wiresBetweenHosts } from "./wires.ts";

/** How the links of a lab are connected. */
export interface Connections {
  /** Bridge ports, each with its bridge. */
  readonly ports: readonly Port[];
  /** Pairs of tunnels that are wires between two lab hosts. */
  readonly wires: readonly (readonly [string, string])[];
  /** Lower bound of reachability: interfaces in one segment certainly reach each other. */
  readonly lans: Pick<Segments, "of">;
  /** Upper bound of reachability: ports that VLANs or isolation may separate count as connected. */
  readonly reaches: Pick<Segments, "of">;
}

export interface Port {
  readonly link: string;
  readonly bridge: string;
}

/** Returns how the links of a lab are connected. */
export function connections(
  links: readonly KnownItem<unknown, "link">[],
  pairs: readonly { readonly ends: readonly [string, string] }[],
): Connections {
  const [lans, reaches] = [segments(), segments()];
  const byKey = new Map(links.map((link) => [link.key, link]));
  const isolated = Map.groupBy(
    links.filter((link) => link.isolated !== false),
    ({ master }) => master,
  );
  const ports = links.flatMap(({ key, master }) =>
    master === undefined || byKey.get(master)?.traits.separates ? [] : [{ link: key, bridge: master }],
  );
  const wires = wiresBetweenHosts(links);
  for (const ends of [...pairs.map((pair) => pair.ends), ...wires]) {
    lans.join(...ends);
    reaches.join(...ends);
  }
  for (const { link, bridge } of ports) {
    reaches.join(link, bridge);
    const { vlanFiltering = false } = byKey.get(bridge) ?? {};
    const hasOthers = byKey.get(link)?.isolated === false || isolated.get(bridge)?.length === 1;
    if (vlanFiltering === false && hasOthers) lans.join(link, bridge);
  }
  for (const { key, parent, traits } of links) {
    if (traits.isTunnel) reaches.join(key, "tunnels");
    if (parent === undefined || traits.lan !== "parent") continue;
    lans.join(key, parent);
    reaches.join(key, parent);
  }
  // A bridge with VLAN filtering may pass the frames of a VLAN without their tag, so the VLAN's interface may reach all of its ports.
  const filtering = new Set(links.filter((link) => link.vlanFiltering !== false).map(({ key }) => reaches.of(key)));
  const [near, far] = [
    links.filter(({ parent, vlan }) => vlan !== undefined && filtering.has(reaches.of(parent ?? ""))),
    links.filter(({ parent }) => !filtering.has(reaches.of(parent ?? ""))),
  ];
  for (const { key, parent = "" } of near) reaches.join(key, parent);
  joinVlans(links, lans);
  joinVlans(far, reaches);
  return { ports, wires, lans, reaches };
}

/** Joins the links that carry the same VLAN of the same LAN. If that joins two LANs, their VLANs may become one as well. */
function joinVlans(links: readonly KnownItem<unknown, "link">[], all: Segments): void {
  const tagged = links.filter(({ parent, vlan }) => parent !== undefined && vlan !== undefined);
  const joinOnce = () =>
    [...Map.groupBy(tagged, ({ parent = "", vlan }) => `${vlan} ${all.of(parent)}`).values()]
      .flatMap((same) => same.map(({ key }) => all.join(same[0]?.key ?? key, key)))
      .includes(true);
  while (joinOnce());
}
