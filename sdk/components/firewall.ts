import type { FilterChainArgs, FilterRuleArgs } from "../filter-chain.ts";

/** Rules for packets that arrive through a default route, in addition to those of the firewall `stateful`. */
export interface RouterFirewall {
  /** Rules for packets that the router would forward, such as those to a server behind it. */
  forward?: readonly FilterRuleArgs[];
  /** Rules for packets to the router itself. */
  input?: readonly FilterRuleArgs[];
}

/**
 * Returns the chains that filter the packets from one interface, for a router with a firewall. They drop packets from that
 * interface and accept all others, so each interface to the outside has its own chains.
 *
 * @param index The number of the interface among those to the outside, which is the priority of its chains.
 */
export function firewallChains(
  inInterface: FilterRuleArgs["inInterface"],
  index: number,
  { forward, input }: Required<RouterFirewall>,
): (FilterChainArgs & { readonly chain: "forward" | "input" })[] {
  const from = { ...(inInterface !== undefined && { inInterface }) };
  const chainOf = (chain: "forward" | "input", rules: readonly FilterRuleArgs[]) => ({
    chain,
    priority: index,
    rules: [ANSWERS, ...rules, DROP].map((rule) => ({ ...from, ...rule })),
  });
  return [chainOf("forward", forward), chainOf("input", [NEIGHBOR_DISCOVERY, ...PINGS, ...input])];
}

const ANSWERS: FilterRuleArgs = { action: "accept", ctState: ["established", "related"] };
const NEIGHBOR_DISCOVERY: FilterRuleArgs = {
  action: "accept",
  protocol: "icmpv6",
  icmpType: ["nd-router-solicit", "nd-router-advert", "nd-neighbor-solicit", "nd-neighbor-advert"],
};
const PINGS: readonly FilterRuleArgs[] = [
  { action: "accept", protocol: "icmp", icmpType: "echo-request" },
  { action: "accept", protocol: "icmpv6", icmpType: "echo-request" },
];
const DROP: FilterRuleArgs = { action: "drop", counter: true };
