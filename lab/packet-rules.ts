import type { KnownItem } from "./model.ts";
import type { NatRuleFact } from "./nat-rules.ts";
import type { Net } from "./net.ts";
import type { Placed } from "./placed.ts";

/** A rule that replaces the source address of forwarded packets. */
export interface SourceNat<R> extends Placed<R> {
  /** The networks and addresses of the packets; undefined for any. */
  readonly sources: readonly Net[] | undefined;
  /** The keys of the interfaces through which the packets leave; undefined for any. */
  readonly outs: readonly string[] | undefined;
}

/** A rule that replaces the destination address of packets by one address, not by one of a range. */
export interface DestinationNat<R> extends Placed<R> {
  /** The new address. */
  readonly target: Net;
}

/** A rule of a NAT chain. */
export type NatRule<R> = Placed<R> & Pick<NatRuleFact, "nat">;

/** A chain of the firewall of a place. */
export interface Filter<R> extends Pick<KnownItem<R, "filter">, "resource" | "chain" | "policy" | "rules"> {
  readonly place: string;
}
