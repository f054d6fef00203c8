import type { Place } from "../lab-host.ts";

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
      /** What to do about it. */
      readonly hint?: string;
    };

/** Whether it is the ping that is on its way, or its answer. */
export type Direction = "there" | "back";

/** What a packet dies of. */
export type FailureCause =
  | "no-route"
  | "refused"
  | "link-down"
  | "no-neighbour"
  | "forwarding-off"
  | "reverse-path"
  | "firewall"
  | "misdelivered"
  | "loop";
