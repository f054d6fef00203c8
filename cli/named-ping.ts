import type { Answerers } from "./other-answers.ts";

/** A ping, with the names that the user knows for its ends. */
export interface NamedPing extends Answerers {
  readonly from: string;
  readonly to: string;
  readonly address: string;
  readonly ms: number | undefined;
  /** The share of pings without an answer, in percent. */
  readonly loss: number;
  /** Why no ping was sent; absent if one was sent. */
  readonly unsent?: string | undefined;
}
