import { covers } from "../lab/filter-cover.ts";
import { holds, isAddress, type Net, netsIn, netText, overlap } from "../lab/net.ts";
import { vrfOf } from "../lab/network.ts";
import type { NatRule } from "../lab/packet-rules.ts";
import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import {
  type Check,
  type Declared,
  describe,
  describePlace,
  type Finding,
  type Lab,
  type OnInterface,
  shortList,
} from "./check.ts";
import { mayActIn } from "./open-lans.ts";

/**
 * A rule of a filter chain, or a NAT rule, that never matches, because an earlier rule decides all of its packets, or because its packets are
 * not in the chain: those to the place itself are not forwarded, and those of other places are not local.
 */
export const unreachableRule: Check = (lab) => [
  ...lateFilters(lab),
  ...lateNats(lab),
  ...localDestinations(lab),
  ...foreignAddresses(lab),
];

const lateFilters = ({ filters }: Lab): Finding[] =>
  filters.flatMap(({ resource, rules }) => {
    const later = rules.findIndex((_, index) => earlierOf(rules, index) !== undefined);
    const earlier = earlierOf(rules, later);
    if (earlier === undefined) return [];
    return [
      {
        about: resource,
        message: `rules[${later}] of ${describe(resource)} never matches: rules[${earlier}] decides all of its packets before`,
        help: "move it before that rule, or remove it",
      },
    ];
  });

/** Returns the index of a rule that decides all packets of a later one; undefined if there is none. */
function earlierOf(rules: readonly FilterRule[], later: number): number | undefined {
  const rule = rules[later];
  const found = rules
    .slice(0, Math.max(later, 0))
    .findIndex((one, index) => rule && covers(one, rule) && !isMarkedAfter(one, rules.slice(index + 1, later)));
  return found === -1 ? undefined : found;
}

/** Returns whether a packet may have got the mark that a rule matches from one of the rules after it. */
const isMarkedAfter = ({ mark, ctMark }: FilterRule, others: readonly FilterRule[]): boolean =>
  others.some(
    ({ setMark, setCtMark }) =>
      (mark !== undefined && setMark !== undefined) || (ctMark !== undefined && setCtMark !== undefined),
  );

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

/** Finds the rules for forwarded packets to an address of their own place. A packet that a NAT rule sends elsewhere has its new destination. */
const localDestinations = (lab: Lab): Finding[] =>
  lab.filters.flatMap(({ resource, place, chain, rules }) => {
    if (chain !== "forward" || lab.routingRules.has(place)) return [];
    // The packets of another VRF are forwarded to the address.
    const own = lab.addresses.filter((held) => held.place === place && vrfOf(lab, held.link) === undefined);
    const isOwn = (to: Net) => isAddress(to) && own.some((held) => held.net.ip === to.ip);
    return rules.flatMap(({ destination }, index) => {
      const all = netsIn(destination);
      if (all.length === 0 || !all.every(isOwn)) return [];
      return [
        {
          about: resource,
          message: `rules[${index}] of ${describe(resource)} never matches: ${describePlace(place)} has ${listOf(all)} itself, so packets to it are not forwarded`,
          help: 'use a FilterChain "input" for them; for those of a NatRule of type dnat, match its toAddress and toPort',
        },
      ];
    });
  });

/** Finds the rules for packets to or from the place itself whose addresses are only those of other places. */
const foreignAddresses = (lab: Lab): Finding[] =>
  lab.filters.flatMap(({ resource, place, chain, rules }) => {
    const local = LOCAL[chain];
    if (local === undefined || !lab.namespaces.has(place) || mayActIn(lab.programs, place)) return [];
    // A rule for a network may be for its broadcast address.
    const mayBeOwn = (given: Net, { net }: OnInterface) =>
      isAddress(given) ? net.ip === given.ip : overlap(net, given);
    const isForeign = (given: Net) =>
      !lab.addresses.some((held) => held.place === place && mayBeOwn(given, held)) &&
      lab.addresses.some((held) => held.place !== place && holds(given, held.net));
    return rules.flatMap(({ [local.argument]: given }, index) => {
      const all = netsIn(given);
      if (all.length === 0 || !all.every(isForeign)) return [];
      return [
        {
          about: resource,
          message: `rules[${index}] of ${describe(resource)} never matches: ${describePlace(place)} has no address in ${listOf(all)}, so no packet ${local.direction} it is in the chain "${chain}"`,
          help: 'use a FilterChain "forward" for the packets that the namespace forwards, or set the namespace of the chain to that of the address',
        },
      ];
    });
  });

/** The argument of a rule that is always an address of the place itself in a chain for local packets. */
const LOCAL: Partial<
  Record<string, { readonly argument: "source" | "destination"; readonly direction: "to" | "from" }>
> = {
  input: { argument: "destination", direction: "to" },
  output: { argument: "source", direction: "from" },
};

const listOf = (nets: readonly Net[]): string => shortList(nets.map(netText));
