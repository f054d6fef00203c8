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
  /** The interfaces that a frame passes on its way to each member, which is the last one. */
  readonly ways: ReadonlyMap<Interface, readonly Interface[]>;
}

/** Follows wires, bridges and parents from an interface. */
export function segmentOf(all: readonly Interface[], from: Interface): Segment {
  const members = new Set<Interface>();
  const broken = new Set<Interface>();
  const isolated = new Set<Interface>();
  const exits = new Set<Interface>();

  const ways = new Map<Interface, readonly Interface[]>();

  const join = (end: Interface, way: readonly Interface[]): void => {
    members.add(end);
    ways.set(end, [...way, end]);
  };
  const leave = (end: Interface, way: readonly Interface[]): void => {
    if (!end.up || !end.carrier) broken.add(end);
    if (!end.up) return;
    const parent = parentOf(all, end);
    if (parent !== undefined) {
      for (const sibling of childrenOf(parent)) if (sibling !== end && exchange(sibling, end)) hear(sibling, way);
      if (parent.kind === "bridge") flood(parent, undefined, way);
      else leave(parent, [...way, parent]);
      return;
    }
    const peer = peerOf(all, end);
    if (peer !== undefined) arrive(peer, way);
    else if (!end.loopback) exits.add(end);
  };
  const hear = (end: Interface, way: readonly Interface[]): void => {
    if (end.up) join(end, way);
    else broken.add(end);
  };
  const childrenOf = (parent: Interface): Interface[] => all.filter((child) => parentOf(all, child) === parent);
  const arrive = (end: Interface, way: readonly Interface[]): void => {
    if (!end.up) {
      broken.add(end);
      return;
    }
    for (const child of childrenOf(end)) hear(child, [...way, end]);
    const bridge = all.find(({ place, name }) => place === end.place && name === end.master);
    if (bridge === undefined) join(end, way);
    else flood(bridge, end, [...way, end]);
  };
  const flood = (bridge: Interface, cameFrom: Interface | undefined, way: readonly Interface[]): void => {
    if (members.has(bridge)) return;
    if (!bridge.up) {
      broken.add(bridge);
      return;
    }
    join(bridge, way);
    if (cameFrom !== undefined) for (const child of childrenOf(bridge)) hear(child, [...way, bridge]);
    for (const port of all) {
      if (port.place !== bridge.place || port.master !== bridge.name || port === cameFrom) continue;
      if (port.isolated && cameFrom?.isolated) isolated.add(port);
      else leave(port, [...way, bridge, port]);
    }
  };

  if (from.kind === "bridge") flood(from, undefined, []);
  else leave(from, []);
  members.delete(from);
  return { members: [...members], broken: [...broken], isolated: [...isolated], exits: [...exits], ways };
}

/** Returns true if two children of one parent reach each other. */
const exchange = (one: Interface, other: Interface): boolean => one.mode === "bridge" && other.mode === "bridge";
