import type { Common, OnLabHost } from "./lab-refs.ts";

export interface HostThing extends Common, OnLabHost {
  readonly kind: "host";
  readonly name?: string | undefined;
}

export interface RouterThing extends Common, OnLabHost {
  readonly kind: "router";
  readonly name?: string | undefined;
  readonly nat?: boolean | undefined;
}

/** A LAN, with the hosts that it creates and those that join it. */
export interface LanThing extends Common {
  readonly kind: "lan";
  /** The third byte of its network. */
  readonly net: number;
  readonly mtu?: number | undefined;
  readonly router?: number | undefined;
  /** The lab hosts that it spans. Without any, it is on that of its router, or on this machine. */
  readonly spans?: readonly Span[] | undefined;
  readonly hosts: readonly Seat[];
  readonly joins: readonly Joined[];
}

/** A lab host that a LAN spans, by its key. */
export interface Span {
  readonly lab: number;
}

/** A host with its number in the network. */
export interface Seat extends OnLabHost {
  readonly name: string;
  readonly number: number;
}

export interface Joined {
  readonly node: number;
  readonly number: number;
}

export interface LinkThing extends Common {
  readonly kind: "link";
  readonly a: number;
  readonly b: number;
  /** The third byte of its network. */
  readonly net: number;
  readonly gateway?: "a" | "b" | undefined;
  readonly mtu?: number | undefined;
}
