import type { Place } from "../place.ts";
import type { Protocol } from "./rule-match.ts";

/** What is traced: a ping, with the bytes of its content and whether it may not be fragmented, or a connection to a port. */
export type Probe =
  | { readonly protocol: "icmp"; readonly size?: number | undefined; readonly df?: boolean | undefined }
  | { readonly protocol: Exclude<Protocol, "icmp">; readonly port: number };

/** The path of a packet and of its answer, as the kernel would route them now. */
export interface Trace {
  readonly probe: Probe;
  readonly from: Place;
  /** The source address of the packet; undefined if it does not get that far. */
  readonly source: string | undefined;
  readonly destination: string;
  readonly there: readonly Hop[];
  /** The path of the reply; empty if there is none. */
  readonly back: readonly Hop[];
  readonly outcome: TraceOutcome;
  /** The ways of other flows, one for each next hop of a multipath route that these paths do not take. */
  readonly others: readonly OtherWay[];
}

/** A trace before its end is explained. */
export type PathSoFar = Omit<Trace, "back" | "outcome" | "others">;

/** The path of a packet of another flow, and of its answer, with the outcome that routes, rules and neighbours predict. */
export interface OtherWay extends Pick<Trace, "source" | "there" | "back" | "outcome"> {
  readonly by: NextHopChoice;
}

/** A next hop of a multipath route. */
export interface NextHopChoice {
  readonly way: Direction;
  /** The place that has the route. */
  readonly place: Place;
  readonly out: string;
  readonly via?: string;
}

/** A place on the path. */
export interface Hop {
  readonly place: Place;
  /** The incoming interface; absent at the origin. */
  readonly in?: string;
  /** The outgoing interface; absent at the end. */
  readonly out?: string;
  /** The gateway that receives the packet next; absent if the destination receives it directly. */
  readonly via?: string;
  /** The routing rule that decides about the packet, and the table of its route; absent for one of the rules that the kernel has at first. */
  readonly rule?: { readonly priority: number; readonly text: string; readonly table: string };
  /** Events at this hop: translations, and rules that may drop the packet. */
  readonly notes: readonly string[];
}

/** The outcome of a path. */
export type TraceOutcome =
  | { readonly kind: "answered" }
  | {
      /** The packet leaves the visible part of the network; whether it arrives is unknown. */
      readonly kind: "left";
      readonly way: Direction;
      readonly place: Place;
      readonly reason: string;
      readonly hint?: string;
    }
  | {
      readonly kind: "died";
      readonly way: Direction;
      readonly place: Place;
      readonly cause: FailureCause;
      readonly reason: string;
      /** How to fix it. */
      readonly hint?: string;
    };

/** Why a packet is lost, and how to fix it. */
export interface Advice {
  readonly reason: string;
  readonly hint?: string;
}

/** Whether the path is that of the packet or of its answer. */
export type Direction = "there" | "back";

/** The cause of a dropped packet. */
export type FailureCause =
  | "no-route"
  | "refused"
  | "routing-rule"
  | "no-source"
  | "link-down"
  | "no-neighbour"
  | "not-flooded"
  | "no-arp"
  | "private-ipvlan"
  | "no-tunnel"
  | "forwarding-off"
  | "ttl"
  | "reverse-path"
  | "own-source"
  | "firewall"
  | "misdelivered"
  | "loop"
  | "wrong-neighbour"
  | "mtu"
  | "echo-ignored"
  | "no-listener"
  | "wrong-answer"
  | "unexplained";
