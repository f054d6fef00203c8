import { familyOf, parseIp } from "../provider/cidr.ts";
import { lookAround } from "./places.ts";
import type { LabHost, Place } from "./run.ts";
import { adviceFor } from "./trace-advice.ts";
import { type Translated, walk } from "./trace-walk.ts";

/** The way of a ping and of its answer, as the kernel would route them now. */
export interface Trace {
  readonly from: Place;
  /** The address that the ping sets out with; undefined when it does not get that far. */
  readonly source: string | undefined;
  readonly destination: string;
  readonly there: readonly Hop[];
  /** The way of the answer; empty when there is none. */
  readonly back: readonly Hop[];
  readonly outcome: TraceOutcome;
}

/** A place on the way. */
export interface Hop {
  readonly place: Place;
  /** The interface that the packet comes in by; absent where it sets out. */
  readonly in?: string;
  /** The interface that it leaves by; absent where it stays. */
  readonly out?: string;
  /** The gateway that it is handed to; absent when it is handed to its destination. */
  readonly via?: string;
  /** What happens to it here: translations, and rules that may drop it. */
  readonly notes: readonly string[];
}

/** How a way ends. */
export type TraceOutcome =
  | { readonly kind: "answered" }
  | {
      /** It leaves what can be seen from here, which says nothing of whether it arrives. */
      readonly kind: "left";
      readonly way: Way;
      readonly place: Place;
      readonly reason: string;
      readonly hint?: string;
    }
  | {
      readonly kind: "died";
      readonly way: Way;
      readonly place: Place;
      readonly cause: Cause;
      readonly reason: string;
      /** What to do about it. */
      readonly hint?: string;
    };

/** Whether it is the ping that is on its way, or its answer. */
export type Way = "there" | "back";

/** What a packet dies of. */
export type Cause =
  | "no-route"
  | "refused"
  | "link-down"
  | "no-neighbour"
  | "forwarding-off"
  | "reverse-path"
  | "firewall"
  | "misdelivered"
  | "loop";

/**
 * Walks the way of a ping from a place to an address, and of its answer, asking each kernel on the way for its route, its
 * firewall and its neighbours. Not one packet is sent.
 *
 * Equivalent to: `ip -n red route get 8.8.8.8`, and the same at each next hop, with `nft list ruleset` and
 * `sysctl net.ipv4.ip_forward` there.
 *
 * @throws Error when the destination is not an address, or there is no such namespace.
 *
 * @example
 * console.log(showTrace(await trace(labHost(), "blue", "192.168.1.3")));
 */
export async function trace(host: LabHost, from: Place, destination: string): Promise<Trace> {
  const to = parseIp(destination);
  if (to === undefined) throw new Error(`"${destination}" is not an address: give one like 192.168.15.2 or fd00::2`);
  const interfaces = await lookAround(host);
  if (from !== undefined && !interfaces.some(({ place }) => place === from)) {
    throw new Error(`there is no namespace ${from}: ip netns lists those that there are`);
  }
  const translated: Translated[] = [];
  const look = { host, interfaces, family: familyOf(to), translated };
  const there = await walk(look, from, { destination: to }, "there");
  const told = { from, source: there.source, destination: to, there: there.hops };
  if (there.end.kind !== "arrived") {
    return { ...told, back: [], outcome: await adviceFor(look, told, there, "there") };
  }
  const packet = { source: there.packet.destination, destination: there.packet.source ?? to };
  const back = await walk(look, there.end.place, packet, "back");
  if (back.end.kind !== "arrived") {
    return { ...told, back: back.hops, outcome: await adviceFor(look, told, back, "back") };
  }
  if (back.end.place === from) return { ...told, back: back.hops, outcome: { kind: "answered" } };
  const outcome = await adviceFor(
    look,
    told,
    { ...back, end: { kind: "died", place: back.end.place, cause: "misdelivered" } },
    "back",
  );
  return { ...told, back: back.hops, outcome };
}
