import { rangeOf } from "../provider/address-ranges.ts";
import { type Interval, mergeIntervals } from "../provider/intervals.ts";
import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import { portRange, valuesOf } from "../provider/several.ts";
import { matchesName } from "./named-interface.ts";

/** Returns the rules by which a packet may pass a chain; undefined if one may pass by the policy. */
export function acceptedBy({ policy, rules }: { policy: string; rules: readonly FilterRule[] }) {
  const last = rules.findIndex(takesAll);
  const reached = last === -1 ? rules : rules.slice(0, last + 1);
  const policyApplies = last === -1 || reached.some(({ action }) => action === "return");
  return policyApplies && policy === "accept" ? undefined : reached.filter(({ action }) => action === "accept");
}

/** Returns whether a rule decides every packet that reaches it. */
const takesAll = (rule: FilterRule): boolean =>
  decides(rule) && rule.family === "inet" && MATCHES.every((key) => rule[key] === undefined);

/** Returns whether a rule decides every packet that a later rule matches, so that the later rule never does. */
export const covers = (earlier: FilterRule, later: FilterRule): boolean =>
  decides(earlier) &&
  (earlier.family === "inet" || earlier.family === later.family) &&
  MATCHES.every(
    (key) => earlier[key] === undefined || (later[key] !== undefined && COMPARISONS[key].within(later, earlier)),
  );

/** Returns whether a rule may match a packet that another one matches. */
export const mayMatch = (rule: FilterRule, other: FilterRule): boolean =>
  (rule.family === "inet" || other.family === "inet" || rule.family === other.family) &&
  MATCHES.every((key) => rule[key] === undefined || other[key] === undefined || COMPARISONS[key].meets(rule, other));

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
  "ctMark",
] as const;

type Match = (typeof MATCHES)[number];

/** Compares the values of an argument in two rules. */
interface Comparison {
  /** Returns whether all values of one rule are among those of another. */
  readonly within: (inner: FilterRule, outer: FilterRule) => boolean;
  /** Returns whether some value of one rule may be one of another. */
  readonly meets: (one: FilterRule, other: FilterRule) => boolean;
}

const comparing = <T>(
  read: (rule: FilterRule) => readonly T[],
  within: (inner: readonly T[], outer: readonly T[]) => boolean,
  meets: (some: readonly T[], others: readonly T[]) => boolean,
): Comparison => ({
  within: (inner, outer) => within(read(inner), read(outer)),
  meets: (one, other) => meets(read(one), read(other)),
});

const ranges = (read: (rule: FilterRule) => readonly Interval[]) => comparing(read, areContained, intersect);
const words = (read: (rule: FilterRule) => readonly unknown[]) => comparing(read, areAmong, haveCommon);
const names = (read: (rule: FilterRule) => readonly string[]) => comparing(read, areNamed, haveCommonNames);

const areContained = (inner: readonly Interval[], outer: readonly Interval[]): boolean => {
  const merged = mergeIntervals(outer);
  return inner.every(([from, to]) => merged.some(([first, last]) => first <= from && to <= last));
};

const areAmong = <T>(inner: readonly T[], outer: readonly T[]): boolean => inner.every((one) => outer.includes(one));

/** Returns whether patterns match only names that one of other patterns matches. */
const areNamed = (inner: readonly string[], outer: readonly string[]): boolean =>
  inner.every((one) => outer.some((other) => matchesName(other, one)));

const intersect = (some: readonly Interval[], others: readonly Interval[]): boolean =>
  some.some(([from, to]) => others.some(([first, last]) => from <= last && first <= to));

const haveCommon = <T>(some: readonly T[], others: readonly T[]): boolean => some.some((one) => others.includes(one));

/** Returns whether a name may match patterns of both lists. */
const haveCommonNames = (some: readonly string[], others: readonly string[]): boolean =>
  some.some((one) => others.some((other) => areNamed([one], [other]) || areNamed([other], [one])));

const COMPARISONS: Readonly<Record<Match, Comparison>> = {
  source: ranges(({ source }) => valuesOf(source).map(rangeOf)),
  destination: ranges(({ destination }) => valuesOf(destination).map(rangeOf)),
  sourcePort: ranges(({ sourcePort }) => valuesOf(sourcePort).map(portRange)),
  destinationPort: ranges(({ destinationPort }) => valuesOf(destinationPort).map(portRange)),
  protocol: words(({ protocol }) => valuesOf(protocol)),
  icmpType: words(({ icmpType }) => valuesOf(icmpType)),
  ctState: words(({ ctState }) => valuesOf(ctState)),
  mark: words(({ mark }) => [mark]),
  ctMark: words(({ ctMark }) => [ctMark]),
  inInterface: names(({ inInterface }) => valuesOf(inInterface)),
  outInterface: names(({ outInterface }) => valuesOf(outInterface)),
};
