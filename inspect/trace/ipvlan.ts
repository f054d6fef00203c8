import { type Interface, parentOf } from "../interfaces.ts";
import { placeName } from "../place.ts";
import type { DetailedInterface } from "./link-details.ts";
import type { Packet, PathEnd, TraceContext } from "./packet.ts";
import { evaluateRules } from "./rules.ts";
import type { Direction } from "./types.ts";

/** A packet that an ipvlan has sent: to another ipvlan, or to the place of its parent, which it leaves by the parent. */
export type Handover = { readonly to: Interface } | { readonly by: DetailedInterface } | { readonly end: PathEnd };

/** Follows a packet from an ipvlan of mode l3 or l3s. */
export function sentByIpvlan({ interfaces }: TraceContext, out: DetailedInterface, { destination }: Packet): Handover {
  const dead = { kind: "died", place: out.place, out, nextHop: destination } as const;
  const parent = parentOf(interfaces, out);
  if (parent === undefined) return { end: { kind: "left", place: out.place, out: out.name, nextHop: destination } };
  if (!parent.up) return { end: { ...dead, cause: "link-down", out: parent } };
  const sibling = out.data["vepa"] === true ? undefined : ipvlanWith(interfaces, parent, destination);
  if (sibling === undefined) return { by: parent };
  return out.data["private"] === true ? { end: { ...dead, cause: "private-ipvlan", at: sibling } } : { to: sibling };
}

/**
 * Returns the interface that takes a packet which arrives at one: of a parent and its ipvlans, which have one MAC address, the ipvlan with the
 * destination, else the parent.
 *
 * @param notes Receives that a parent takes a packet that was sent to an ipvlan.
 */
export function takerOf({ interfaces }: TraceContext, to: Interface, destination: string, notes: string[]): Interface {
  const parent = to.kind === "ipvlan" ? (parentOf(interfaces, to) ?? to) : to;
  const child = ipvlanWith(interfaces, parent, destination);
  if (child === undefined && parent !== to)
    notes.push(`${to.name} in ${placeName(to.place)} takes only packets to its own addresses, as an ipvlan`);
  return child ?? parent;
}

/** Returns the ipvlan of a parent that has an address; undefined for none. */
const ipvlanWith = (
  all: readonly DetailedInterface[],
  parent: Interface,
  destination: string,
): DetailedInterface | undefined =>
  all.find(
    (one) =>
      one.kind === "ipvlan" &&
      one.up &&
      parentOf(all, one) === parent &&
      one.addresses.some(({ address }) => address === destination),
  );

/** Returns the end of a packet that the firewall of the parent's place drops, which sees the packets to an ipvlan of mode l3s. */
export async function droppedByParent(
  { interfaces, rulesOf, family, protocol }: TraceContext,
  to: Interface,
  { source = "", destination, port }: Packet,
  way: Direction,
): Promise<PathEnd | undefined> {
  const parent = to.kind === "ipvlan" && to.data["mode"] === "l3s" ? parentOf(interfaces, to) : undefined;
  if (parent === undefined) return undefined;
  const { place, name } = parent;
  const facts = {
    tables: "ip",
    family: family === "inet" ? "ip" : "ip6",
    protocol,
    source,
    destination,
    port,
  } as const;
  const rules = await rulesOf(place);
  const { droppedBy } = evaluateRules(rules, "input", "filter", { ...facts, in: name, answer: way === "back" });
  return droppedBy === undefined ? undefined : { kind: "died", place, cause: "firewall", detail: droppedBy };
}
