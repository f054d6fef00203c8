import { type Interface, parentOf, peerOf } from "../interfaces.ts";
import { type DetailedInterface, tunnelPeers } from "./link-details.ts";

/**
 * The segment that a frame reaches through an interface: all interfaces on the same wire, and those behind the bridges, bonds, VLANs and
 * tunnels on it.
 */
export interface Segment {
  /** The interfaces that receive the frame, without the outgoing one. */
  readonly members: readonly Interface[];
  /** Interfaces that are down or have no carrier, so that the frame cannot pass them. */
  readonly broken: readonly Interface[];
  /** Ports that the frame does not leave through, because it came in through another isolated port of the bridge. */
  readonly isolated: readonly Interface[];
  /** Ports that the frame does not pass, because they do not have its VLAN. */
  readonly filtered: readonly Interface[];
  /** Interfaces behind which nothing is visible: hardware, tunnels to elsewhere, and peers in unnamed namespaces. */
  readonly exits: readonly Interface[];
  /** The interfaces that a frame passes on its way to each member, which is the last one. */
  readonly ways: ReadonlyMap<Interface, Way>;
}

/** The VLAN of a frame; undefined for a frame without a tag. */
type Tag = number | undefined;

/** The interfaces that a frame has passed. */
type Way = readonly DetailedInterface[];

/** Follows wires, bridges, bonds, VLANs, tunnels and parents from an interface. */
export function segmentOf(all: readonly DetailedInterface[], from: DetailedInterface): Segment {
  const members = new Set<Interface>();
  const broken = new Set<Interface>();
  const isolated = new Set<Interface>();
  const filtered = new Set<Interface>();
  const exits = new Set<Interface>();
  const ways = new Map<Interface, Way>();
  const passed = new Set<string>();

  const leave = (end: DetailedInterface, tag: Tag, way: Way): void => {
    if (!end.up || !end.carrier) broken.add(end);
    if (!end.up) return;
    if (end.kind === "bond") {
      const own = membersOf(end);
      const working = own.find(({ up, carrier }) => up && carrier);
      for (const member of working === undefined ? own : [working]) leave(member, tag, [...way, member]);
      return;
    }
    const parent = parentOf(all, end);
    if (parent !== undefined) {
      const inner = end.kind === "vlan" ? vlanOf(end) : tag;
      if (end.kind !== "vlan")
        for (const sibling of childrenOf(parent)) if (sibling !== end && exchange(sibling, end)) hear(sibling, way);
      if (parent.kind === "bridge") flood(parent, undefined, inner, way);
      else leave(parent, inner, [...way, parent]);
      return;
    }
    const peer = peerOf(all, end);
    if (peer !== undefined) arrive(peer, tag, way);
    else if (end.tunnel !== undefined) cross(end, tag, way);
    else if (!end.loopback) exits.add(end);
  };
  const cross = (end: DetailedInterface, tag: Tag, way: Way): void => {
    const others = tunnelPeers(all, end);
    if (others.length === 0) exits.add(end);
    for (const other of others) arrive(other, tag, way);
  };
  const hear = (end: DetailedInterface, way: Way): void => {
    if (!end.up) {
      broken.add(end);
      return;
    }
    members.add(end);
    ways.set(end, [...way, end]);
  };
  const membersOf = (master: DetailedInterface): DetailedInterface[] =>
    all.filter((one) => one.place === master.place && one.master === master.name);
  const childrenOf = (parent: DetailedInterface): DetailedInterface[] =>
    all.filter((child) => parentOf(all, child) === parent);
  /** Passes a frame to the interfaces on top of one; returns true if one of them takes it from the interface. */
  const pass = (end: DetailedInterface, tag: Tag, way: Way): boolean => {
    const children = childrenOf(end);
    const tagged = children.filter((child) => child.kind === "vlan");
    if (tag === undefined) for (const child of children) if (!tagged.includes(child)) hear(child, [...way, end]);
    const own = tag === undefined ? undefined : tagged.find((child) => vlanOf(child) === tag);
    if (own !== undefined) arrive(own, undefined, [...way, end]);
    return own !== undefined;
  };
  const arrive = (end: DetailedInterface, tag: Tag, way: Way): void => {
    if (!end.up) {
      broken.add(end);
      return;
    }
    if (pass(end, tag, way)) return;
    const master = all.find(({ place, name }) => place === end.place && name === end.master);
    if (master?.kind === "bridge") flood(master, end, tag, [...way, end]);
    else if (master?.kind === "bond") arrive(master, tag, [...way, end]);
    else if (tag === undefined) hear(end, way);
  };
  const flood = (bridge: DetailedInterface, cameFrom: DetailedInterface | undefined, tag: Tag, way: Way): void => {
    const entry = (cameFrom ?? bridge).vlans;
    const vid = entry === undefined ? tag : (tag ?? [...entry].find(([, { pvid }]) => pvid)?.[0]);
    const key = `${bridge.place}/${bridge.name} ${vid}`;
    if (passed.has(key)) return;
    passed.add(key);
    if (!bridge.up) {
      broken.add(bridge);
      return;
    }
    if (entry !== undefined && (vid === undefined || !entry.has(vid))) {
      filtered.add(cameFrom ?? bridge);
      return;
    }
    /** Returns the tag with which the frame leaves through a port; undefined if the port does not have its VLAN. */
    const tagAt = ({ vlans }: DetailedInterface): { readonly tag: Tag } | undefined => {
      if (bridge.vlans === undefined) return { tag };
      const flags = vid === undefined ? undefined : vlans?.get(vid);
      return flags && { tag: flags.untagged ? undefined : vid };
    };
    const own = tagAt(bridge);
    if (own !== undefined) {
      if (own.tag === undefined) hear(bridge, way);
      if (cameFrom !== undefined) pass(bridge, own.tag, way);
    }
    for (const port of membersOf(bridge)) {
      if (port === cameFrom) continue;
      const out = tagAt(port);
      if (port.isolated && cameFrom?.isolated) isolated.add(port);
      else if (out === undefined) filtered.add(port);
      else leave(port, out.tag, [...way, bridge, port]);
    }
  };

  if (from.kind === "bridge") flood(from, undefined, undefined, []);
  else leave(from, undefined, []);
  members.delete(from);
  return {
    ...{ members: [...members], broken: [...broken], isolated: [...isolated], filtered: [...filtered] },
    ...{ exits: [...exits], ways },
  };
}

const vlanOf = ({ data }: Interface): Tag => (typeof data["id"] === "number" ? data["id"] : undefined);

/** Returns true if two children of one parent reach each other. */
const exchange = (one: Interface, other: Interface): boolean =>
  one.data["mode"] === "bridge" && other.data["mode"] === "bridge";
