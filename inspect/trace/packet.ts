import type { Family } from "../../provider/cidr.ts";
import type { Declared } from "../declared.ts";
import type { Interface } from "../interfaces.ts";
import type { LabHost } from "../lab-host.ts";
import type { Place } from "../place.ts";
import type { DetailedInterface } from "./link-details.ts";
import type { NeighbourEntry } from "./neighbour-entry.ts";
import type { MatchedRoute } from "./route-lookup.ts";
import type { DecidingRule } from "./routing-rules.ts";
import type { Protocol } from "./rule-match.ts";
import type { Ruleset } from "./rules.ts";
import type { Segment } from "./segment.ts";
import type { Advice, Direction, FailureCause, Hop, NextHopChoice } from "./types.ts";

/** The context of a path: what it inspects, and what it records for the return path. */
export interface TraceContext {
  readonly host: LabHost;
  readonly interfaces: readonly DetailedInterface[];
  readonly family: Family;
  readonly protocol: Protocol;
  /** Returns the rules of a place, which are read once. */
  readonly rulesOf: (place: Place) => Promise<Ruleset>;
  /** The places that should receive the packet and its answer; undefined if that is not known. */
  readonly targets: Readonly<Record<Direction, { readonly place: Place } | undefined>>;
  readonly translated: Translated[];
  /** The mark that rules of a place have set of the connection there. */
  readonly connectionMarks: Map<Place, number>;
  /** The places that have seen the packet on its way there, also by their bridges. */
  readonly seenBy: Set<Place>;
  /** The frames that places have exchanged directly. */
  readonly met: Meeting[];
  /** The routes by which places have sent the packet and its answer on, and the places that had none. */
  readonly routed: Routed[];
  /** What the resources of the stack declare. */
  readonly declared: Declared;
  /** The next hops to take at multipath routes, in place of those that the kernel selects. */
  readonly choices: readonly NextHopChoice[];
}

/** A translation of a packet, which the return path reverses. */
export interface Translated {
  readonly place: Place;
  readonly side: "source" | "destination";
  readonly before: Endpoint;
  readonly after: Endpoint;
  /** The bridge between whose ports the packet was translated; undefined for a packet that the place routes. */
  readonly bridge?: string | undefined;
}

/** The decision of a place about a packet to a destination. */
export interface Routed {
  readonly place: Place;
  readonly destination: string;
  /** Undefined if the place had no route. */
  readonly matched: MatchedRoute | undefined;
  /** The routing tables without a route for the packet that the place has asked before. */
  readonly passed: readonly string[];
}

/** A frame from one place to another. */
export interface Meeting {
  readonly from: Place;
  readonly to: Place;
  /** Whether the sender asked for the MAC address first, so that the receiver has learned that of the sender. */
  readonly asked: boolean;
}

/** An address and, for a destination of a protocol that has them, a port. */
export interface Endpoint {
  readonly address: string;
  readonly port?: number | undefined;
}

/** A packet. At its origin, the source follows from the route. */
export interface Packet {
  readonly source?: string | undefined;
  readonly destination: string;
  /** The port of the service: of the destination, or of an answer the source. */
  readonly port?: number | undefined;
  /** The size of the packet with its headers, in bytes. */
  readonly size: number;
  /** Whether routers may not fragment it. */
  readonly df: boolean;
  /** The mark that a rule of the firewall has set at this place, by which routing rules may select a table. */
  readonly mark?: number | undefined;
}

/** A packet that leaves an interface for a neighbour. */
export interface Departure {
  readonly out: Interface;
  /** The address of the neighbour: the gateway, or the destination. */
  readonly nextHop: string;
  readonly packet: Packet;
  readonly way: Direction;
}

/** The path of a packet. */
export interface Path {
  readonly hops: readonly Hop[];
  /** The source address at the origin. */
  readonly source: string | undefined;
  /** Whether only a packet that is bound to the source takes this path for certain. */
  readonly isBound: boolean;
  /** The packet as it was at the end of the path. */
  readonly packet: Packet;
  readonly end: PathEnd;
  /** The next hops that are in use, of all multipath routes on the path. */
  readonly nextHops: readonly (NextHopChoice & { readonly taken: boolean })[];
}

/** The end of a path, as facts. */
export type PathEnd =
  | { readonly kind: "arrived"; readonly place: Place }
  | { readonly kind: "left"; readonly place: Place; readonly out: string; readonly nextHop: string }
  | {
      readonly kind: "died";
      readonly place: Place;
      readonly cause: FailureCause;
      /** The error from the kernel, the rule that drops, or the source that is not accepted. */
      readonly detail?: string;
      /** The routing rule that refuses the packet, or by whose table it has no route. */
      readonly rule?: DecidingRule;
      /** Why a rule drops the packet that would accept it if the place had seen the one that it answers. */
      readonly state?: string | undefined;
      /** The bridge between whose ports a rule for IP drops the packet. */
      readonly bridge?: string;
      readonly segment?: Segment;
      readonly out?: Interface;
      readonly nextHop?: string;
      /** The interface that drops the packet, from which it is not forwarded, that has its source, or that should receive it. */
      readonly at?: Interface;
      /** The TTL with which the packet was sent. */
      readonly limit?: HopLimit;
      /** Why a tunnel drops the packet. */
      readonly fault?: Advice;
      /** The entry with a wrong MAC address. */
      readonly entry?: NeighbourEntry;
      /** The routers through which the packet returns to the place, each with its route. */
      readonly circle?: readonly RoutedHop[] | undefined;
      /** How the packet came to the place although another one has the address. */
      readonly stray?: Stray | undefined;
      /** The ICMP redirect by which the packet came to the place, or should have left it. */
      readonly redirect?: Redirect | undefined;
    };

/** A place that a packet has passed, and the route by which it left. */
export interface RoutedHop {
  readonly place: Place;
  /** The route as `ip route show` shows it. */
  readonly route: string;
}

/** The delivery of a packet to another interface than the one with the address of its next hop, or to one of several that have it. */
export interface Stray {
  /** The interface by which it left. */
  readonly out: Interface;
  readonly nextHop: string;
  readonly to: Interface;
  /** The interface that has the address, or has it as well; undefined if there is none. */
  readonly owner: Interface | undefined;
  /** The entry that has the MAC address of the receiver; undefined if the receiver has the address of the next hop. */
  readonly entry?: NeighbourEntry | undefined;
}

/** The number of routers that may pass a packet on, plus one (TTL), and the setting of its sender that gives it. */
export interface HopLimit {
  readonly place: Place;
  readonly key: string;
  readonly value: number;
}

/** An ICMP redirect that a place follows. */
export interface Redirect {
  readonly place: Place;
  /** The gateway in the redirect. */
  readonly to: string;
  /** The gateway of the route, which has sent the redirect. */
  readonly routedTo: string | undefined;
}

/** A rule that drops a packet. */
export interface Drop {
  readonly cause: "firewall";
  readonly place: Place;
  readonly detail: string;
  readonly state?: string | undefined;
  readonly bridge?: string;
}

/** The end of the path of a packet that is dropped. */
export type Death = Extract<PathEnd, { kind: "died" }>;
