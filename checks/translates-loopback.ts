import { covers } from "../lab/filter-cover.ts";
import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import { type Check, describe, isLabHost } from "./check.ts";

/**
 * A NAT rule of a lab host that also gives another source to the packets of its loopback interface. The connections between Pulumi's engine, the program
 * and the providers on that machine break in the middle of the up.
 */
export const translatesLoopback: Check = ({ natRules }) =>
  natRules.flatMap(({ resource, place, nat }, index) => {
    if (!isLabHost(place) || nat === null || !nat.chain.startsWith("postrouting") || nat.isException) return [];
    const earlier = natRules.slice(0, index).filter((one) => one.place === place && one.nat?.chain === nat.chain);
    const isSpared = (packets: FilterRule) => earlier.some((one) => one.nat !== null && covers(one.nat.match, packets));
    if (!LOOPBACK.some((packets) => covers(nat.match, packets) && !isSpared(packets))) return [];
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
