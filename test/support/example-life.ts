import type { Sandbox } from "../../tools/sandbox.ts";

export interface Life {
  /** Checks the lab; it must succeed whenever the lab is as its program declares. */
  readonly works: (host: Sandbox) => Promise<void>;
  readonly drifts: readonly Drift[];
  /** The configuration of the stack. */
  readonly config?: Readonly<Record<string, string>>;
}

/** A manual change, and the steps of a refresh and of an up after it. */
export interface Drift {
  readonly what: string;
  readonly command: string;
  readonly refresh: readonly string[];
  readonly up: readonly string[];
  /** Matches the change of the property in the output of `preview --diff`. */
  readonly diff?: RegExp;
}
