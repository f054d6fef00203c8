import { type Interface, parentOf, peerOf } from "../interfaces.ts";
import { placeName } from "../place.ts";
import type { Advice } from "./types.ts";

/** A macvlan, macvtap or ipvlan, and the interface that it is on. */
interface ChildAndParent {
  readonly child: Interface;
  readonly parent: Interface;
}

/**
 * Returns the macvlan, macvtap or ipvlan and its parent between which a packet from an interface to another place would have to pass; undefined for none. The
 * frames of a macvlan leave its parent without reaching the parent's own place, and those of the parent do not reach the macvlan.
 */
export function macvlanBetween(all: readonly Interface[], from: Interface, to: Interface): ChildAndParent | undefined {
  const parent = isMacvlan(from) ? parentOf(all, from) : undefined;
  if (parent !== undefined && parent.place === to.place) return { child: from, parent };
  const child = all.find((one) => one.place === to.place && isMacvlan(one) && parentOf(all, one) === from);
  return child && { child, parent: from };
}

/** Describes a macvlan, macvtap or ipvlan and its parent as in {@link macvlanBetween}; undefined for others. */
export function parentApart(all: readonly Interface[], from: Interface, to: Interface): Advice | undefined {
  const barred = macvlanBetween(all, from, to);
  if (barred === undefined) return undefined;
  const { child, parent } = barred;
  const [kind, mode] = child.kind === "ipvlan" ? ["an Ipvlan", 'the flag "bridge"'] : ["a Macvlan", 'mode "bridge"'];
  return {
    reason: `it is an address of ${placeName(to.place)}, and the kernel passes no packets between the ${child.kind} ${child.name} and its parent ${parent.name} in ${placeName(parent.place)}`,
    hint: `add ${kind} of ${parent.name} to ${placeName(parent.place)} as well, with an address of its own: links of ${mode} on one parent reach each other`,
  };
}

/** Describes two macvlans or macvtaps of one parent that exchange no packets because of their modes; undefined for others. */
export function siblingsApart(all: readonly Interface[], one: Interface, other: Interface): Advice | undefined {
  const parent = isMacvlan(one) && one.kind !== "ipvlan" ? parentOf(all, one) : undefined;
  if (parent === undefined || !isMacvlan(other) || parentOf(all, other) !== parent) return undefined;
  const modes = [one, other].map(
    ({ name, place, data }) => `${name} in ${placeName(place)} has ${String(data["mode"])}`,
  );
  const returning = modes.some((mode) => mode.endsWith("private")) ? undefined : peerOf(all, parent);
  const hairpin = returning?.port === undefined ? "" : `, or set port.hairpin of ${returning.name} to true`;
  return {
    reason: `two macvlans of one parent reach each other only with the mode bridge, and ${modes.join(", and ")}`,
    hint: `give both the mode "bridge"${hairpin}`,
  };
}

const isMacvlan = ({ kind = "" }: Interface): boolean => KINDS.has(kind);

const KINDS: ReadonlySet<string> = new Set(["macvlan", "macvtap", "ipvlan"]);
