import type { PageData } from "./nodes.ts";

/** The picture of a lab and the data of its page, as a server sends them after a change. */
export interface PagePicture {
  readonly svg: string;
  readonly lab: PageData;
  /** The names of the lab hosts that cannot be reached. */
  readonly unreached: readonly string[];
}

/** The answer to a request for a ping matrix. */
export interface PagePings {
  readonly hosts: readonly string[];
  readonly pings: readonly PagePing[];
}

/** A ping between two hosts. */
export interface PagePing {
  readonly from: string;
  readonly to: string;
  readonly address: string;
  /** The round-trip time, in milliseconds; null without an answer. */
  readonly ms: number | null;
  /** Why no ping was sent. */
  readonly unsent?: string | undefined;
  /** Which other host answers it, or may answer it, such as `answered by red`; absent if none does. */
  readonly other?: string | undefined;
  /** Whether the host that was meant answers it. */
  readonly isReached: boolean;
  /** Whether it tells if the host is reached: not if another one answers it that has the address on purpose, and the pair has others. */
  readonly isTelling: boolean;
}

/** The answer to a request for a trace. */
export interface PageTrace {
  readonly text: string;
  readonly isAnswered: boolean;
  /** Whether it is answered, but other flows of a multipath route are lost, or leave the lab. */
  readonly areOthersLost: boolean;
  /** The interfaces that the packet and its answer pass; see {@link PageData}. */
  readonly ports: readonly string[];
}
