import { flag, keyOf, needed, text } from "./arguments.ts";
import type { Known } from "./known.ts";
import type { Placed } from "./placed.ts";

/** A neighbor whose MAC address the program gives. */
export interface NeighborFact {
  readonly is: "neighbor";
  /** The namespace; undefined for the lab host. */
  readonly namespace: Known<string> | undefined;
  /** The key of the interface behind which it is. */
  readonly link: Known<string>;
  readonly address: Known<string>;
  readonly lladdr: Known<string>;
}

/** A neighbor with its place. */
export type Neighbor<R> = Placed<R> & {
  readonly [Key in "link" | "address" | "lladdr"]: Exclude<NeighborFact[Key], null>;
};

/** Reads a neighbor; none for an address that an interface answers for, with its own MAC address. */
export function neighborIn(args: unknown): NeighborFact[] {
  if (flag(args, "proxy", false) !== false) return [];
  const at = text(args, "namespace");
  return [
    {
      is: "neighbor",
      namespace: at,
      link: needed(keyOf(at, text(args, "interface"))),
      address: needed(text(args, "address")),
      lladdr: needed(text(args, "lladdr")),
    },
  ];
}
