import { linkClaims } from "../../provider/kinds/link-names.ts";
import type { Interface } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { resourceAt } from "./declaration.ts";
import type { DetailedInterface } from "./link-details.ts";
import type { TraceContext } from "./packet.ts";
import { passedBy, segmentOf } from "./segment.ts";
import type { Advice } from "./types.ts";

/**
 * Returns the ports of bridges on the way to an interface that do not have the VLAN in which a frame would reach it, such as those of a trunk;
 * undefined if no VLAN alone would let it pass.
 */
export function missingVlan(look: TraceContext, out: DetailedInterface, owner: Interface): Advice | undefined {
  const { interfaces } = look;
  for (const vid of vidsIn(interfaces)) {
    const ports = portsWithout(interfaces, vid, out, owner);
    if (ports.length === 0) continue;
    const shown = ports.map((port) => portText(look, port)).join(" and ");
    const [lead, have] = ports.length === 1 ? ["leads", "does not have"] : ["lead", "do not have"];
    return {
      reason: `${shown}, which ${lead} to ${placeName(owner.place)}, ${have} VLAN ${vid}`,
      hint: `add ${vid} to ${ports.map(argumentText).join(" and ")}`,
    };
  }
  return undefined;
}

/** Returns the VLANs that frames without a tag get at ports, and those of VLAN interfaces. */
const vidsIn = (all: readonly DetailedInterface[]): ReadonlySet<number> =>
  new Set(
    all.flatMap(({ kind, data, vlans }) => [
      ...[...(vlans ?? [])].flatMap(([vid, { pvid }]) => (pvid ? [vid] : [])),
      ...(kind === "vlan" && typeof data["id"] === "number" ? [data["id"]] : []),
    ]),
  );

/** Returns the ports without a VLAN on the way that a frame would take if all of them had it; none if it would not arrive. */
function portsWithout(
  all: readonly DetailedInterface[],
  vid: number,
  out: DetailedInterface,
  owner: Interface,
): readonly DetailedInterface[] {
  const lacksIt = ({ vlans }: DetailedInterface): boolean => vlans?.has(vid) === false;
  const carrying = all.map((one) =>
    lacksIt(one) ? { ...one, vlans: new Map([...(one.vlans ?? []), [vid, TAGGED] as const]) } : one,
  );
  const [start, end] = [out, owner].map((one) => carrying[all.indexOf(one)]);
  if (start === undefined || end === undefined) return [];
  const segment = segmentOf(carrying, start);
  if (!segment.ways.has(end)) return [];
  const way = passedBy(segment, start, end).flatMap((one) => all[carrying.indexOf(one)] ?? []);
  return way.filter((one, index) => lacksIt(one) && !isCrossed(one, way[index + 1]));
}

const TAGGED = { pvid: false, untagged: false };

/** Returns whether a frame passes a bridge from port to port, so that the VLANs of the bridge itself do not matter. */
const isCrossed = ({ kind, place, name }: Interface, next: Interface | undefined): boolean =>
  kind === "bridge" && next !== undefined && next.place === place && next.master === name;

function portText(look: TraceContext, { place, name, master }: Interface): string {
  const declaration = resourceAt(look, place, (at) => linkClaims({ ...at, name }));
  const which = declaration === undefined ? name : `${name} (${declaration})`;
  return master === undefined
    ? `the bridge ${which} in ${placeName(place)}`
    : `the port ${which} of the bridge ${master} in ${placeName(place)}`;
}

const argumentText = ({ place, name, master }: Interface): string =>
  `${master === undefined ? "vlans" : "port.vlans"} of ${name} in ${placeName(place)}`;
