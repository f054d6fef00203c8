import * as v from "valibot";
import { isHost, isMulticast, parseIp } from "./cidr.ts";
import { faultOfListInText } from "./list-in-text.ts";
import { listInNormalForm } from "./value.ts";
import { MAX_VNI } from "./values.ts";
import { rangeText } from "./vlans.ts";

/*
 * The identifiers that a VXLAN with `vnifilter` carries, in the words of `bridge vni add … vni`: "10", "100-200", "300 remote 10.0.0.2",
 * "400 group 239.1.1.1". In normal form a list is in the order of the identifiers, and each range is as long as possible.
 */

/** A range of identifiers, and where the frames to unknown addresses go. */
export interface VniRange {
  readonly first: number;
  readonly last: number;
  /** The words for the remote end or the multicast group, such as `remote 10.0.0.2`; empty for those of the VXLAN itself. */
  readonly to: string;
}

/** Declares a list of identifiers, which has a normal form; an empty list counts as absent. */
export const vniList = () =>
  v.pipe(
    listInNormalForm(
      {
        what: "a list of VXLAN network identifiers",
        rules: `: numbers from 1 to 16777215, ranges, and a remote end or a multicast group, e.g. [10, "100-200", "300 remote 10.0.0.2"]`,
        fault: faultOf,
      },
      (given) => vniTexts(vnisOf(given)),
    ),
    v.transform((all) => (all.length === 0 ? undefined : all)),
  );

/** Returns the ranges of a list, in their order. */
export const vnisOf = (list: readonly (string | number)[]): VniRange[] => list.flatMap((text) => parse(text) ?? []);

/** Returns the normal form of ranges as a list. */
export function vniTexts(ranges: readonly VniRange[]): string[] {
  const runs: { first: number; last: number; to: string }[] = [];
  for (const { first, last, to } of ranges.toSorted((one, other) => one.first - other.first)) {
    const run = runs.at(-1);
    if (run !== undefined && run.last === first - 1 && run.to === to) run.last = last;
    else runs.push({ first, last, to });
  }
  return runs.map(({ first, last, to }) => [rangeText(first, last), ...(to === "" ? [] : [to])].join(" "));
}

/** Returns the identifiers to delete and those to add, in normal form. One that gets another remote end is in both. */
export const vniChanges = (has: readonly VniRange[], wanted: readonly VniRange[]) => ({
  remove: vniTexts(without(has, wanted).map((range) => ({ ...range, to: "" }))),
  add: vniTexts(without(wanted, has)),
});

/** Returns whether a list has an identifier. */
export const hasVni = (ranges: readonly VniRange[], vni: number): boolean =>
  ranges.some(({ first, last }) => first <= vni && vni <= last);

/** The list of all identifiers. */
export const ALL_VNIS: readonly VniRange[] = [{ first: 1, last: MAX_VNI, to: "" }];

/** Returns the remote ends and the groups that ranges name. */
export const endsOfVnis = (ranges: readonly VniRange[]): { readonly word: string; readonly address: string }[] =>
  ranges.flatMap(({ to }) => {
    const [word, address] = to.split(" ");
    return word === undefined || address === undefined ? [] : [{ word, address }];
  });

/** Returns the parts of ranges that another list does not have with the same end. */
const without = (ranges: readonly VniRange[], others: readonly VniRange[]): VniRange[] =>
  others.reduce<VniRange[]>((rest, other) => rest.flatMap((one) => outside(one, other)), [...ranges]);

/** Returns the parts of a range that are not in another one with the same end. */
const outside = (one: VniRange, other: VniRange): VniRange[] =>
  one.to !== other.to || one.last < other.first || other.last < one.first
    ? [one]
    : [
        ...(one.first < other.first ? [{ ...one, last: other.first - 1 }] : []),
        ...(other.last < one.last ? [{ ...one, first: other.last + 1 }] : []),
      ];

function parse(given: unknown): VniRange | undefined {
  if (typeof given !== "string" && typeof given !== "number") return undefined;
  const [, from, until = from, word, end = ""] =
    /^(\d{1,8})(?:-(\d{1,8}))?(?: (remote|group) (\S+))?$/.exec(String(given)) ?? [];
  const [first, last] = [Number(from), Number(until)];
  if (!(first >= 1 && first <= last)) return undefined;
  if (word === undefined) return { first, last, to: "" };
  const address = parseIp(end);
  const fits = address !== undefined && (word === "group" ? isMulticast(address) : isHost(address));
  return fits ? { first, last, to: `${word} ${address}` } : undefined;
}

function faultOf(given: unknown): string | undefined {
  if (!Array.isArray(given)) return faultOfListInText(given, ITEM);
  const wrong: unknown = given.find((one) => (parse(one)?.last ?? Infinity) > MAX_VNI);
  if (wrong !== undefined)
    return (
      faultOfListInText(wrong, ITEM) ??
      `${JSON.stringify(wrong)} is not a VXLAN network identifier from 1 to 16777215 or a range of them, with the address of a remote end or a multicast group, e.g. 10, "100-200", "300 remote 10.0.0.2" or "400 group 239.1.1.1"`
    );
  const sorted = vnisOf(given as string[]).toSorted((one, other) => one.first - other.first);
  const twice = sorted.find(({ first }, index) => first <= (sorted[index - 1]?.last ?? 0));
  return twice === undefined ? undefined : `the identifier ${twice.first} is listed twice`;
}

const ITEM = v.custom((given) => (parse(given)?.last ?? Infinity) <= MAX_VNI);
