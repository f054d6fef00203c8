import { covers } from "../lab/filter-cover.ts";
import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import { type Check, describe, isLabHost } from "./check.ts";
import { inChain } from "./source-nats.ts";

/**
 * A NAT rule of a lab host that also gives another source to the packets of its loopback interface. The connections between Pulumi's engine, the program
 * and the providers on that machine break in the middle of the up.
 */
export const translatesLoopback: Check = (lab) =>
  lab.natRules.flatMap((rule) => {
    const { resource, place } = rule;
    const { own, earlier } = inChain(lab, rule);
    if (!isLabHost(place) || own === null || !own.chain.startsWith("postrouting") || own.isException) return [];
    const isSpared = (packets: FilterRule) => earlier.some(({ match }) => covers(match, packets));
    if (!LOOPBACK.some((packets) => covers(own.match, packets) && !isSpared(packets))) return [];
    return [
      {
        about: resource,
        message: `${describe(resource)} also translates the connections of the lab host over its interface lo, with those of Pulumi itself, which break`,
        help: `set outInterface, such as outInterface: "eth0", or source, the network whose packets are translated`,
        refused: "outInterface",
      },
    ];
  });

const LOOPBACK: readonly FilterRule[] = (
  [
    ["ip", "127.0.0.1/32"],
    ["ip6", "::1/128"],
  ] as const
).map(([family, address]) => ({
  action: "accept",
  family,
  protocol: "tcp",
  source: address,
  destination: address,
  inInterface: "lo",
  outInterface: "lo",
}));
