import { linkClaims } from "../../provider/kinds/link-names.ts";
import { type Interface, parentOf, peerOf } from "../interfaces.ts";
import { type Place, placeName } from "../place.ts";
import { command, setsUp } from "./as-typed.ts";
import { corrects, resourceAt } from "./declaration.ts";
import type { DetailedInterface } from "./link-details.ts";
import { areConnected } from "./meant-holder.ts";
import type { TraceContext } from "./packet.ts";
import { segmentOf } from "./segment.ts";
import type { Advice } from "./types.ts";

/** Returns where the cable of an interface ends, if that end is no port of a bridge and has no address; undefined for all others. */
export function looseEnd(look: TraceContext, one: DetailedInterface | undefined): Advice | undefined {
  const { interfaces } = look;
  const end = one && farEnd(interfaces, one);
  if (end === undefined || !end.up || end.master !== undefined || end.addresses.some(({ global }) => global))
    return undefined;
  if (interfaces.some((child) => parentOf(interfaces, child) === end)) return undefined;
  const declaration = resourceOf(look, end);
  const set = command(end.place, `ip link set dev ${end.name} master BRIDGE`);
  return {
    reason: `whose peer ${named(look, end)} is no port of a bridge`,
    hint: declaration === undefined ? `make ${end.name} a port of a bridge: ${set}` : corrects(declaration),
  };
}

/** Describes where an interface is that is not on the segment of the outgoing one. */
export function otherSegment(look: TraceContext, owner: DetailedInterface, out: DetailedInterface | undefined): Advice {
  const { interfaces } = look;
  const hint = areConnected(look, out, owner) ? RESTORE : SEPARATE;
  const loose = looseEnd(look, owner);
  if (loose !== undefined) return loose;
  if (!owner.up) return { reason: "which is down", hint: setsUp(owner.name) };
  const end = farEnd(interfaces, owner);
  if (end?.up === false)
    return { reason: `which is not connected: its peer ${named(look, end)} is down`, hint: setsUp(end.name) };
  if (end !== undefined) return { reason: `whose peer ${named(look, end)} is ${portText(look, end)}`, hint };
  if (segmentOf(interfaces, owner).members.length > 0) return { reason: "which is on another segment", hint };
  return unconnected(look, owner);
}

const RESTORE =
  "the program connects the two segments: `pulumi-netns status` shows what differs, and `pulumi up --refresh` reverts it";

const SEPARATE = "connect the two segments, or give each one a network of its own and route between them";

/** Describes an interface without a cable to any listed place. */
function unconnected(look: TraceContext, { place, name }: Interface): Advice {
  const declaration = resourceOf(look, { place, name });
  const reason = "which is not connected";
  return declaration === undefined ? { reason } : { reason, hint: corrects(declaration) };
}

/** Returns the other end of the cable of an interface, or of the interface on which it is. */
function farEnd(all: readonly DetailedInterface[], one: DetailedInterface): DetailedInterface | undefined {
  const parent = parentOf(all, one);
  return parent === undefined ? peerOf(all, one) : farEnd(all, parent);
}

/** Returns what the end of a cable belongs to. */
function portText({ interfaces }: TraceContext, { place, master, vlans }: DetailedInterface): string {
  const owner = interfaces.find((one) => one.place === place && one.name === master);
  if (owner?.kind !== "bridge") return "on another segment";
  const own = [...(vlans ?? [])].find(([, { pvid }]) => pvid)?.[0];
  return `a port of the bridge ${master}${own === undefined ? "" : `, in VLAN ${own}`}`;
}

const named = (look: TraceContext, end: Interface): string => {
  const declaration = resourceOf(look, end);
  return `${end.name} in ${placeName(end.place)}${declaration === undefined ? "" : ` (${declaration})`}`;
};

const resourceOf = (look: TraceContext, { place, name }: { readonly place: Place; readonly name: string }) =>
  resourceAt(look, place, (at) => linkClaims({ ...at, name }));
