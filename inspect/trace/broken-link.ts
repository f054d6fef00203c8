import type { Interface } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { command, setsUp } from "./as-typed.ts";
import type { DetailedInterface } from "./link-details.ts";
import type { Death, TraceContext } from "./packet.ts";
import { type Segment, segmentOf } from "./segment.ts";
import type { Advice } from "./types.ts";
import { unreachable } from "./unreachable.ts";

/**
 * Returns the interface, down or without carrier, that keeps a frame from the place of another one; undefined if none does. One behind which
 * nothing is visible may lead there.
 */
export function brokenLink(
  all: readonly DetailedInterface[],
  out: DetailedInterface,
  owner: Interface,
  { broken }: Segment,
): Interface | undefined {
  if (broken.length === 0) return undefined;
  // A port without carrier, and one of a bridge that is down, is disabled because of that.
  const down = new Set(all.flatMap(({ place, name, up }) => (up ? [] : [`${place ?? ""}/${name}`])));
  const isDisabled = ({ place, master }: Interface) => down.has(`${place ?? ""}/${master}`);
  const repaired = all.map((one) =>
    one.up && one.carrier && !isDisabled(one) ? one : { ...one, up: true, carrier: true, port: undefined },
  );
  const start = repaired[all.indexOf(out)];
  if (start === undefined) return undefined;
  const { ways, exits } = segmentOf(repaired, start);
  const way = [...ways].find(([{ place }]) => place === owner.place)?.[1];
  const passed = new Set([start, ...(way ?? exits)].map((one) => all[repaired.indexOf(one)]));
  const onWay = broken.filter((one) => passed.has(one));
  return onWay.find((one) => !one.up) ?? onWay[0];
}

/** Describes an interface that is down or has no carrier. */
export function linkDown(_look: TraceContext, death: Death): Advice {
  const { place, out, segment, at } = death;
  const broken = at ?? segment?.broken.find((one) => !one.up) ?? segment?.broken[0] ?? out;
  const where = broken === undefined ? "" : `${broken.name} in ${placeName(broken.place)}`;
  return unreachable(death, {
    reason: `${where} ${broken?.up === true ? "has no carrier" : "is down"}`,
    hint: broken?.loopback ? `run \`${command(place, "ip link set dev lo up")}\`` : setsUp(broken?.name ?? "it"),
  });
}
