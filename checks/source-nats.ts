import { covers, mayMatch } from "../lab/filter-cover.ts";
import { splitKey } from "../lab/hosts.ts";
import type { Net } from "../lab/net.ts";
import { vrfOf } from "../lab/network.ts";
import type { NatRule, SourceNat } from "../lab/packet-rules.ts";
import type { Placed } from "../lab/placed.ts";
import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import type { Declared, Lab } from "./check.ts";

/** Packets that a place forwards. */
export interface Forwarded {
  readonly net: Pick<Net, "family">;
  /** The network that they come from, with the interface through which they arrive; undefined if it is not known. */
  readonly from?: { readonly net: Net; readonly link: string };
  /** The interface through which they leave; undefined if it is not known. */
  readonly out?: string;
}

/** Returns whether a rule may replace the source address of packets: it matches some of them, and no earlier rule decides all of them. */
export function mayTranslate(lab: Lab, rule: SourceNat<Declared>, packets: Forwarded): boolean {
  const { own, earlier } = inChain(lab, rule);
  if (own === null) return true;
  const match = matching(lab, rule.place, packets);
  return mayMatch(own.match, match) && !(own.isOrdered && earlier.some((one) => covers(one.match, match)));
}

/** Returns the address that a rule gives to all of the packets as their source; undefined if it does not, or if the address is not certain. */
export function translation(lab: Lab, rule: SourceNat<Declared>, packets: Forwarded): string | undefined {
  const { own } = inChain(lab, rule);
  return own !== null && covers(own.match, matching(lab, rule.place, packets)) ? own.outer?.addresses[0] : undefined;
}

type Nat = NonNullable<NatRule<Declared>["nat"]>;

/** Returns what a rule matches, null if that is not known, and the rules that are declared before it in its chain. */
export function inChain({ natRules }: Lab, { resource, place }: Placed<Declared>): { own: Nat | null; earlier: Nat[] } {
  const at = natRules.findIndex((one) => one.resource === resource);
  const own = natRules[at]?.nat ?? null;
  const before = natRules.slice(0, at).flatMap((one) => (one.place === place && one.nat !== null ? [one.nat] : []));
  return { own, earlier: before.filter(({ chain }) => chain === own?.chain) };
}

/** Returns a filter rule that matches packets. */
const matching = (lab: Lab, place: string, { net, from, out }: Forwarded): FilterRule => ({
  action: "accept",
  family: net.family === "inet" ? "ip" : "ip6",
  ...(from !== undefined && {
    source: `${from.net.network}/${from.net.prefix.length}`,
    inInterface: besides(lab, place, from.link),
  }),
  ...(out !== undefined && { outInterface: besides(lab, place, out) }),
});

/**
 * Returns the names of the interfaces of a place on the LAN of one of them: each may send and receive packets of that LAN. In a VRF they are not
 * known, because a rule may see the VRF in place of the interface.
 */
function besides(lab: Lab, place: string, link: string): string[] | undefined {
  if (vrfOf(lab, link) !== undefined) return undefined;
  const near = lab.addresses.filter((held) => held.place === place && lab.lans.of(held.link) === lab.lans.of(link));
  return [...new Set([link, ...near.map((held) => held.link)])].map((key) => splitKey(key).name);
}
