import type { Family } from "../../provider/cidr.ts";
import type { Interface } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { command } from "./as-typed.ts";
import type { DetailedInterface } from "./link-details.ts";
import { type Segment, segmentOf } from "./segment.ts";
import type { Advice } from "./types.ts";

/** Returns the port of a bridge whose state or flags keep a frame from the place of an interface; undefined if none does. */
export function closedPort(
  all: readonly DetailedInterface[],
  out: DetailedInterface | undefined,
  owner: Interface | undefined,
  { shut, unflooded }: Pick<Segment, "shut" | "unflooded">,
): Interface | undefined {
  const ports = [...shut, ...unflooded];
  if (ports.length === 0 || out === undefined || owner === undefined) return undefined;
  // The same lab with all of its ports open.
  const opened = all.map((one) => ({ ...one, port: undefined }));
  const reaches = (from: DetailedInterface): boolean => {
    const start = opened[all.indexOf(from)];
    return start !== undefined && segmentOf(opened, start).members.some(({ place }) => place === owner.place);
  };
  return reaches(out) ? (ports.find(reaches) ?? ports[0]) : undefined;
}

/** Describes a port of a bridge that passes no frames, or no questions for MAC addresses. */
export function closedPortAdvice({ name, place, master, port }: Interface, family: Family): Advice {
  const which = `the port ${name} of the bridge ${master} in ${placeName(place)}`;
  const state = port?.state ?? "";
  if (STARTING.has(state))
    return {
      reason: `${which} passes no frames yet: its spanning tree state is ${state}`,
      hint: `wait until it is "forwarding", after twice the forward delay of ${master}: ${command(place, `bridge link show dev ${name}`)}`,
    };
  if (state === "blocking")
    return {
      reason: `${which} passes no frames: its spanning tree state is blocking`,
      hint: `check the root and the costs of the spanning tree: ${command(place, `bridge -d link show dev ${name}`)}`,
    };
  if (state === "disabled")
    return {
      reason: `${which} passes no frames: its spanning tree state is disabled`,
      hint: `set it to forwarding: ${command(place, `bridge link set dev ${name} state 3`)}`,
    };
  const [kind, flag, argument] =
    family === "inet"
      ? ["ARP requests", "bcast_flood", "bcastFlood"]
      : ["neighbour solicitations", "mcast_flood", "mcastFlood"];
  return {
    reason: `${which} passes no ${kind}: its flag ${flag} is off`,
    hint: `set port.${argument} of ${name} to true`,
  };
}

const STARTING: ReadonlySet<string> = new Set(["listening", "learning"]);
