import { covers } from "../lab/filter-cover.ts";
import type { NatRule } from "../lab/network.ts";
import { type Check, type Declared, describe, type Finding, type Lab } from "./check.ts";

/** A rule of a filter chain, or a NAT rule, that never matches, because an earlier rule decides all of its packets. */
export const unreachableRule: Check = (lab) => [...lateFilters(lab), ...lateNats(lab)];

const lateFilters = ({ filters }: Lab): Finding[] =>
  filters.flatMap(({ resource, rules }) => {
    const later = rules.findIndex((rule, index) => rules.slice(0, index).some((earlier) => covers(earlier, rule)));
    const rule = rules[later];
    if (rule === undefined) return [];
    const earlier = rules.findIndex((one) => covers(one, rule));
    return [
      {
        about: resource,
        message: `rules[${later}] of ${describe(resource)} never matches: rules[${earlier}] decides all of its packets before`,
        help: "move it before that rule, or remove it",
      },
    ];
  });

const lateNats = ({ natRules }: Lab): Finding[] =>
  natRules.flatMap((later, index) => {
    const earlier = natRules.slice(0, index).find((one) => hides(one, later));
    if (earlier === undefined) return [];
    return [
      {
        about: later.resource,
        message: `${describe(later.resource)} never matches: ${describe(earlier.resource)} decides all of its packets before`,
        help: "declare it before that rule, let the rules match different packets, or remove it",
      },
    ];
  });

/**
 * Returns whether a NAT rule decides all packets of a later one, in another way. The order of rules of which each decides the packets of the
 * other does not matter.
 */
const hides = ({ place, nat: one }: NatRule<Declared>, { place: at, nat: other }: NatRule<Declared>): boolean =>
  one !== null &&
  other !== null &&
  place === at &&
  one.chain === other.chain &&
  one.effect !== other.effect &&
  covers(one.match, other.match) &&
  (other.isOrdered || covers(other.match, one.match));
