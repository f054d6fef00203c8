import type { Family } from "../../provider/cidr.ts";
import { type Interface, parentOf, peerOf } from "../interfaces.ts";
import { type Addressed, crossings, type DetailedInterface, isLayer3 } from "./link-details.ts";

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
  /** Ports that the frame does not pass, because they do not have its VLAN, or map it to no VNI of the tunnel behind them. */
  readonly filtered: readonly Interface[];
  /** Ports that pass no frames, because their state in the spanning tree is not `forwarding`. */
  readonly shut: readonly Interface[];
  /** Ports through which their bridge sends no questions for MAC addresses. */
  readonly unflooded: readonly Interface[];
  /** Members of bonds that drop the frame, because another member is the active one. */
  readonly inactive: readonly Interface[];
  /** Interfaces behind which nothing is visible: hardware, tunnels to elsewhere, and peers in unnamed namespaces. */
  readonly exits: readonly DetailedInterface[];
  /** The interfaces that a frame passes on its way to each member, which is the last one. */
  readonly ways: ReadonlyMap<Interface, Way>;
}

/** The tags of a frame, from the outermost to the innermost: several for a frame of a VLAN in a VLAN (QinQ). */
type Tags = readonly Tag[];

interface Tag {
  readonly vid: number;
  /** The protocol of the tag, such as `802.1Q`. */
  readonly protocol: string;
}

const UNTAGGED: Tags = [];

/** The interfaces that a frame has passed. */
type Way = readonly DetailedInterface[];

/**
 * Follows wires, bridges, bonds, VLANs, tunnels and parents from an interface.
 *
 * @param frame The family of the address whose MAC address the frame asks for, so that it goes to all of them; or the one that it is for.
 */
export function segmentOf(
  all: readonly DetailedInterface[],
  from: DetailedInterface,
  { question, ...frame }: Addressed & { readonly question?: Family } = {},
): Segment {
  const members = new Set<Interface>();
  const broken = new Set<Interface>();
  const isolated = new Set<Interface>();
  const filtered = new Set<Interface>();
  const shut = new Set<Interface>();
  const unflooded = new Set<Interface>();
  const inactive = new Set<Interface>();
  const exits = new Set<DetailedInterface>();
  const ways = new Map<Interface, Way>();
  const passed = new Set<string>();

  const leave = (end: DetailedInterface, tags: Tags, way: Way, vni?: number): void => {
    if (!end.up || !end.carrier) broken.add(end);
    if (!end.up) return;
    if (end.kind === "bond") {
      const own = membersOf(end);
      const working = own.find((one) => one.up && one.carrier && !isPassive(end, one));
      for (const member of working === undefined ? own : [working]) leave(member, tags, [...way, member]);
      return;
    }
    const parent = parentOf(all, end);
    if (parent !== undefined) {
      const own = end.kind === "vlan" ? tagOf(end) : undefined;
      const outer = own === undefined ? tags : [own, ...tags];
      if (end.kind !== "vlan")
        for (const sibling of childrenOf(parent)) if (sibling !== end && exchange(sibling, end)) hear(sibling, way);
      if (parent.kind === "bridge") flood(parent, undefined, outer, way);
      else leave(parent, outer, [...way, parent]);
      return;
    }
    const peer = peerOf(all, end);
    if (peer !== undefined) arrive(peer, tags, way);
    else if (end.tunnel !== undefined) cross(end, tags, way, vni);
    else if (!end.loopback) exits.add(end);
  };
  const cross = (end: DetailedInterface, tags: Tags, way: Way, vni: number | undefined): void => {
    if (end.tunnel?.vnis !== undefined && vni === undefined) {
      filtered.add(end);
      return;
    }
    const others = crossings(all, end, { ...frame, vni, toAll: question !== undefined });
    if (others.length === 0) exits.add(end);
    for (const other of others) arrive(other.to, tags, way, other.vni);
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
  /** Returns whether a child does not hear a frame of its sibling that a bridge sends back to their parent. */
  const isDeaf = (child: DetailedInterface, parent: DetailedInterface): boolean =>
    from.kind !== "vlan" && parentOf(all, from) === parent && !hearsReturned(child, from);
  const childrenOf = (parent: DetailedInterface): DetailedInterface[] =>
    all.filter((child) => !isLayer3(child) && parentOf(all, child) === parent);
  /** Passes a frame to the interfaces on top of one; returns true if one of them takes it from the interface. */
  const pass = (end: DetailedInterface, [outer, ...inner]: Tags, way: Way): boolean => {
    const children = childrenOf(end);
    const tagged = children.filter((child) => child.kind === "vlan");
    if (outer === undefined) {
      for (const child of children) if (!tagged.includes(child) && !isDeaf(child, end)) hear(child, [...way, end]);
      return false;
    }
    const own = tagged.find((child) => isSameTag(tagOf(child), outer));
    if (own !== undefined) arrive(own, inner, [...way, end]);
    return own !== undefined;
  };
  const arrive = (end: DetailedInterface, tags: Tags, way: Way, vni?: number): void => {
    if (!end.up) {
      broken.add(end);
      return;
    }
    if (pass(end, tags, way)) return;
    const master = all.find(({ place, name }) => place === end.place && name === end.master);
    if (master?.kind === "bridge" && master.up && isShut(end)) shut.add(end);
    else if (master?.kind === "bridge") flood(master, end, taggedBy(master, end, tags, vni), [...way, end]);
    else if (master?.kind === "bond" && isPassive(master, end)) inactive.add(end);
    else if (master?.kind === "bond") arrive(master, tags, [...way, end]);
    else if (tags.length === 0) hear(end, way);
  };
  const flood = (bridge: DetailedInterface, cameFrom: DetailedInterface | undefined, tags: Tags, way: Way): void => {
    const entry = (cameFrom ?? bridge).vlans;
    const protocol = protocolOf(bridge.data["vlan_protocol"]);
    // A bridge that filters by VLAN sees only tags of its protocol. All other frames belong to the PVID of the port.
    const [outer, ...others] = tags;
    const isSeen = entry !== undefined && outer?.protocol === protocol;
    const inner = isSeen ? others : tags;
    const vid = isSeen ? outer.vid : [...(entry ?? [])].find(([, { pvid }]) => pvid)?.[0];
    const key = `${bridge.place}/${bridge.name} ${vid} ${JSON.stringify(inner)}`;
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
    /** Returns the tags with which the frame leaves through a port; undefined if the port does not have its VLAN. */
    const tagsAt = ({ vlans }: DetailedInterface): Tags | undefined => {
      if (bridge.vlans === undefined) return tags;
      const flags = vid === undefined ? undefined : vlans?.get(vid);
      if (vid === undefined || flags === undefined) return undefined;
      return flags.untagged || flags.tunnelId !== undefined ? inner : [{ vid, protocol }, ...inner];
    };
    // A bridge does not receive the frames of the links on top of it.
    const own = cameFrom === undefined ? undefined : tagsAt(bridge);
    if (own?.length === 0) hear(bridge, way);
    if (own !== undefined) pass(bridge, own, way);
    for (const port of membersOf(bridge)) {
      if (port === cameFrom && port.port?.hairpin !== true) continue;
      const out = tagsAt(port);
      if (port.isolated && cameFrom?.isolated) isolated.add(port);
      else if (out === undefined) filtered.add(port);
      else if (isShut(port)) shut.add(port);
      else if (cameFrom !== undefined && !isFlooded(bridge, port, question)) unflooded.add(port);
      else leave(port, out, [...way, bridge, port], vid === undefined ? undefined : port.vlans?.get(vid)?.tunnelId);
    }
  };

  if (from.kind === "bridge") flood(from, undefined, UNTAGGED, []);
  else leave(from, UNTAGGED, []);
  members.delete(from);
  return {
    ...{ members: [...members], broken: [...broken], isolated: [...isolated], filtered: [...filtered] },
    ...{ shut: [...shut], unflooded: [...unflooded], inactive: [...inactive], exits: [...exits], ways },
  };
}

/** Returns the interfaces that a frame passes, from the first to the last. */
export function passedBy({ ways }: Segment, out: DetailedInterface, to: Interface): readonly DetailedInterface[] {
  const way = ways.get(to) ?? [];
  return way[0] === out ? way : [out, ...way];
}

/** Returns whether a port passes no frames because of its state. That of one without carrier is `disabled` in any case. */
const isShut = ({ port, up, carrier }: Interface): boolean =>
  port !== undefined && (SHUT.has(port.state) || (port.state === "disabled" && up && carrier));

const SHUT: ReadonlySet<string> = new Set(["listening", "learning", "blocking"]);

/**
 * Returns whether a bridge sends a frame from one port through another one, by its flags. With a querier, a bridge knows which ports listen to the
 * questions of IPv6.
 */
function isFlooded({ data }: Interface, { port }: Interface, question: Family | undefined): boolean {
  if (port === undefined || question === undefined) return true;
  if (question === "inet") return port.bcastFlood;
  return port.mcastFlood || (data["mcast_snooping"] === 1 && data["mcast_querier"] === 1);
}

/** Returns the tags of a frame from a tunnel: with that of the VLAN to which the port maps the frame's VNI. */
function taggedBy(bridge: DetailedInterface, port: DetailedInterface, tags: Tags, vni: number | undefined): Tags {
  const vid = [...(port.vlans ?? [])].find(([, { tunnelId }]) => tunnelId !== undefined && tunnelId === vni)?.[0];
  return vid === undefined ? tags : [{ vid, protocol: protocolOf(bridge.data["vlan_protocol"]) }, ...tags];
}

/** Returns the tag of the frames of a VLAN. */
const tagOf = ({ data }: Interface): Tag | undefined =>
  typeof data["id"] === "number" ? { vid: data["id"], protocol: protocolOf(data["protocol"]) } : undefined;

const protocolOf = (shown: unknown): string => (typeof shown === "string" ? shown : "802.1Q");

const isSameTag = (one: Tag | undefined, other: Tag): boolean =>
  one?.vid === other.vid && one.protocol === other.protocol;

/** Returns whether a member of a bond neither sends nor receives, because the bond has another one as its active member. */
const isPassive = ({ data }: Interface, { name }: Interface): boolean =>
  data["mode"] === "active-backup" && typeof data["active_slave"] === "string" && data["active_slave"] !== name;

/** Returns true if two children of one parent reach each other. */
const exchange = (one: Interface, other: Interface): boolean => isBridging(one) && isBridging(other);

/** Returns true if a child of a parent hears the frames of its sibling that return to the parent. */
const hearsReturned = ({ data: { mode } }: Interface, { data: { mode: sent } }: Interface): boolean =>
  (sent === "vepa" && (mode === "vepa" || mode === "bridge")) || (sent === "bridge" && mode === "vepa");

const isBridging = ({ kind, data }: Interface): boolean =>
  kind === "ipvlan" ? data["bridge"] === true : data["mode"] === "bridge";
