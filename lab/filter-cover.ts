import { rangeOf } from "../provider/address-ranges.ts";
import { type Interval, mergeIntervals } from "../provider/intervals.ts";
import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import { portRange, valuesOf } from "../provider/several.ts";

/** Returns whether a rule decides every packet that reaches it. */
export const takesAll = (rule: FilterRule): boolean =>
  decides(rule) && rule.family === "inet" && MATCHES.every((key) => rule[key] === undefined);

/** Returns whether a rule decides every packet that a later rule matches, so that the later rule never does. */
export const covers = (earlier: FilterRule, later: FilterRule): boolean =>
  decides(earlier) &&
  (earlier.family === "inet" || earlier.family === later.family) &&
  MATCHES.every((key) => earlier[key] === undefined || (later[key] !== undefined && WITHIN[key](earlier, later)));

/** Returns whether a rule may match a packet that another one matches. */
export const mayMatch = (rule: FilterRule, other: FilterRule): boolean =>
  (rule.family === "inet" || other.family === "inet" || rule.family === other.family) &&
  MATCHES.every((key) => rule[key] === undefined || other[key] === undefined || MEETS[key](rule, other));

/** Returns whether a rule decides all packets that it matches. */
const decides = ({ action, limit }: FilterRule): boolean => action !== "continue" && limit === undefined;

const MATCHES = [
  "source",
  "destination",
  "protocol",
  "sourcePort",
  "destinationPort",
  "icmpType",
  "inInterface",
  "outInterface",
  "ctState",
  "mark",
] as const;

type Match = (typeof MATCHES)[number];

/** Returns, by argument, whether the values of a later rule are all among those of an earlier one. */
const WITHIN: Record<Match, (earlier: FilterRule, later: FilterRule) => boolean> = {
  source: (earlier, later) => contain(valuesOf(earlier.source).map(rangeOf), valuesOf(later.source).map(rangeOf)),
  destination: (earlier, later) =>
    contain(valuesOf(earlier.destination).map(rangeOf), valuesOf(later.destination).map(rangeOf)),
  sourcePort: (earlier, later) =>
    contain(valuesOf(earlier.sourcePort).map(portRange), valuesOf(later.sourcePort).map(portRange)),
  destinationPort: (earlier, later) =>
    contain(valuesOf(earlier.destinationPort).map(portRange), valuesOf(later.destinationPort).map(portRange)),
  protocol: (earlier, later) => areAmong(valuesOf(later.protocol), valuesOf(earlier.protocol)),
  icmpType: (earlier, later) => areAmong(valuesOf(later.icmpType), valuesOf(earlier.icmpType)),
  ctState: (earlier, later) => areAmong(valuesOf(later.ctState), valuesOf(earlier.ctState)),
  mark: (earlier, later) => earlier.mark === later.mark,
  inInterface: (earlier, later) => areNamed(valuesOf(later.inInterface), valuesOf(earlier.inInterface)),
  outInterface: (earlier, later) => areNamed(valuesOf(later.outInterface), valuesOf(earlier.outInterface)),
};

/** Returns, by argument, whether some value of a rule may be one of another rule. */
const MEETS: Record<Match, (one: FilterRule, other: FilterRule) => boolean> = {
  source: (one, other) => intersect(valuesOf(one.source).map(rangeOf), valuesOf(other.source).map(rangeOf)),
  destination: (one, other) =>
    intersect(valuesOf(one.destination).map(rangeOf), valuesOf(other.destination).map(rangeOf)),
  sourcePort: (one, other) =>
    intersect(valuesOf(one.sourcePort).map(portRange), valuesOf(other.sourcePort).map(portRange)),
  destinationPort: (one, other) =>
    intersect(valuesOf(one.destinationPort).map(portRange), valuesOf(other.destinationPort).map(portRange)),
  protocol: (one, other) => haveCommon(valuesOf(one.protocol), valuesOf(other.protocol)),
  icmpType: (one, other) => haveCommon(valuesOf(one.icmpType), valuesOf(other.icmpType)),
  ctState: (one, other) => haveCommon(valuesOf(one.ctState), valuesOf(other.ctState)),
  mark: (one, other) => one.mark === other.mark,
  inInterface: (one, other) => haveCommonNames(valuesOf(one.inInterface), valuesOf(other.inInterface)),
  outInterface: (one, other) => haveCommonNames(valuesOf(one.outInterface), valuesOf(other.outInterface)),
};

const contain = (outer: readonly Interval[], inner: readonly Interval[]): boolean => {
  const merged = mergeIntervals(outer);
  return inner.every(([from, to]) => merged.some(([first, last]) => first <= from && to <= last));
};

const areAmong = <T>(inner: readonly T[], outer: readonly T[]): boolean => inner.every((one) => outer.includes(one));

/** Returns whether patterns match only names that one of other patterns matches. */
const areNamed = (inner: readonly string[], outer: readonly string[]): boolean =>
  inner.every((one) =>
    outer.some((other) => other === one || (other.endsWith("*") && one.startsWith(other.slice(0, -1)))),
  );

const intersect = (some: readonly Interval[], others: readonly Interval[]): boolean =>
  some.some(([from, to]) => others.some(([first, last]) => from <= last && first <= to));

const haveCommon = <T>(some: readonly T[], others: readonly T[]): boolean => some.some((one) => others.includes(one));

/** Returns whether a name may match patterns of both lists. */
const haveCommonNames = (some: readonly string[], others: readonly string[]): boolean =>
  some.some((one) => others.some((other) => areNamed([one], [other]) || areNamed([other], [one])));
