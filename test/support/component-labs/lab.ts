import type { RouterArgs } from "../../../sdk/index.ts";

/** The names of the nodes that a lab may have. */
export const NODES = ["anna", "ben", "carl", "dora"];

/** A lab of components, as data. A part that refers to a node that the lab does not have is left out. */
export interface ComponentLab {
  readonly nodes: readonly LabNodeOf[];
  readonly lans: readonly LanOf[];
  readonly links: readonly LinkOf[];
  readonly extras: readonly Extra[];
}

/** A Router, or a Host without `router`. */
export interface LabNodeOf {
  readonly name: string;
  /** The name of its namespace, if it is not that of the node. */
  readonly namespace?: string | undefined;
  readonly router?: RouterArgs | undefined;
}

/** A Lan. Its networks are numbers from 0 to 2: two IPv4 networks with an IPv6 network between them. */
export interface LanOf {
  readonly number: number;
  readonly networks: readonly number[];
  readonly gateways: "first" | "last" | "none";
  readonly router?: string | undefined;
  readonly hosts: readonly LanHostOf[];
  readonly members: readonly string[];
  readonly mtu?: number | undefined;
  readonly tag?: number | undefined;
  readonly netem: number;
  /** Whether the first host has an additional delay to the second one. */
  readonly isPaired: boolean;
}

export interface LanHostOf {
  readonly name: string;
  /** The last byte of its address in the first IPv4 network. */
  readonly address?: number | undefined;
  readonly interface?: string | undefined;
}

/** A Link. Its networks are numbers, like those of a {@link LanOf}. */
export interface LinkOf {
  readonly number: number;
  readonly ends: readonly [string, string];
  readonly networks: readonly number[];
  readonly gateway?: "a" | "b" | undefined;
  /** Whether its interfaces have names of their own. */
  readonly isNamed: boolean;
  /** Whether it has addresses of no network. */
  readonly hasAddresses: boolean;
  readonly mtu?: number | undefined;
  readonly tag?: number | undefined;
  /** Whether a tagged link uses the trunk of its two nodes, or has one of its own. */
  readonly isOnTrunk: boolean;
  readonly netem: number;
  /** Whether only its end `a` has the netem. */
  readonly isOneWay: boolean;
}

/** A resource at an end of a link, beside the components. */
export interface Extra {
  readonly kind: "address" | "nat" | "route" | "sysctl" | "sysctl of all";
  readonly link: number;
  readonly end: "a" | "b";
  /** Selects one of three values; for a route, the network of the link with that number, if it does not end at the same node. */
  readonly value: number;
}
