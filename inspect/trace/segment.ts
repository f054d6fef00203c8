import { type Interface, parentOf, peerOf } from "../interfaces.ts";

/** The segment that a frame reaches through an interface: all interfaces on the same wire and the bridges connected to it. */
export interface Segment {
  /** The interfaces that receive the frame, without the outgoing one. */
  readonly members: readonly Interface[];
  /** Interfaces that are down or have no carrier, so that the frame cannot pass them. */
  readonly broken: readonly Interface[];
  /** Ports that the frame does not leave through, because it came in through another isolated port of the bridge. */
  readonly isolated: readonly Interface[];
  /** Interfaces behind which nothing is visible: hardware, tunnels, and peers in unnamed namespaces. */
  readonly exits: readonly Interface[];
}

/** Follows wires, bridges and parents from an interface. */
export function segmentOf(all: readonly Interface[], from: Interface): Segment {
  const members = new Set<Interface>();
  const broken = new Set<Interface>();
  const isolated = new Set<Interface>();
  const exits = new Set<Interface>();

  const leave = (end: Interface): void => {
    if (!end.up || !end.carrier) broken.add(end);
    if (!end.up) return;
    const parent = parentOf(all, end);
    if (parent !== undefined) {
      for (const sibling of childrenOf(parent)) if (sibling !== end && exchange(sibling, end)) hear(sibling);
      if (parent.kind === "bridge") flood(parent, undefined);
      else leave(parent);
      return;
    }
    const peer = peerOf(all, end);
    if (peer !== undefined) arrive(peer);
    else if (!end.loopback) exits.add(end);
  };
  const hear = (end: Interface): void => {
    (end.up ? members : broken).add(end);
  };
  const childrenOf = (parent: Interface): Interface[] => all.filter((child) => parentOf(all, child) === parent);
  const arrive = (end: Interface): void => {
    if (!end.up) {
      broken.add(end);
      return;
    }
    childrenOf(end).forEach(hear);
    const bridge = all.find(({ place, name }) => place === end.place && name === end.master);
    if (bridge === undefined) members.add(end);
    else flood(bridge, end);
  };
  const flood = (bridge: Interface, cameFrom: Interface | undefined): void => {
    if (members.has(bridge)) return;
    if (!bridge.up) {
      broken.add(bridge);
      return;
    }
    members.add(bridge);
    if (cameFrom !== undefined) childrenOf(bridge).forEach(hear);
    for (const port of all) {
      if (port.place !== bridge.place || port.master !== bridge.name || port === cameFrom) continue;
      if (port.isolated && cameFrom?.isolated) isolated.add(port);
      else leave(port);
    }
  };

  if (from.kind === "bridge") flood(from, undefined);
  else leave(from);
  members.delete(from);
  return { members: [...members], broken: [...broken], isolated: [...isolated], exits: [...exits] };
}

/** Returns true if two children of one parent reach each other. */
const exchange = (one: Interface, other: Interface): boolean => one.mode === "bridge" && other.mode === "bridge";
