import { type Interface, parentOf } from "../interfaces.ts";

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

const isMacvlan = ({ kind = "" }: Interface): boolean => KINDS.has(kind);

const KINDS: ReadonlySet<string> = new Set(["macvlan", "macvtap", "ipvlan"]);
