import { hasUnknown } from "./schema.ts";
import { value } from "./value.ts";

/*
 * The VLANs of a bridge port, in the words of `bridge vlan add … vid`: "10", "20-29", "30 untagged", "40 pvid untagged". In normal form a
 * list is in the order of its VLAN IDs, and each range is as long as possible.
 */

/** The flags of one VLAN. */
interface VlanFlags {
  /** Whether frames without a tag that come in belong to this VLAN. */
  readonly pvid: boolean;
  /** Whether its frames leave without a tag. */
  readonly untagged: boolean;
}

/** The flags of VLANs by their IDs. */
export type Vlans = ReadonlyMap<number, VlanFlags>;

/** Declares a list of VLANs, which has a normal form. */
export const vlanList = () =>
  value(
    {
      what: "a list of VLANs",
      rules: `: IDs from 1 to 4094, ranges, and the flags pvid and untagged, e.g. [10, "20-29", "30 pvid untagged"]`,
      fault: faultOf,
    },
    (given) => {
      if (!Array.isArray(given)) return undefined;
      // Checked once all of them are known.
      if (hasUnknown(given)) return given as string[];
      return faultOf(given) === undefined ? vlanTexts(vlansOf(given as string[])) : undefined;
    },
  );

/** Returns the VLANs of a list. */
export const vlansOf = (list: readonly (string | number)[]): Vlans =>
  new Map(
    list.flatMap((text) => {
      const { first, last, flags } = parse(text) ?? { first: 0, last: -1, flags: NO_FLAGS };
      return Array.from({ length: last - first + 1 }, (_, index) => [first + index, flags] as const);
    }),
  );

/** Returns the normal form of VLANs as a list. */
export function vlanTexts(vlans: Vlans): string[] {
  const runs: { first: number; last: number; flags: VlanFlags }[] = [];
  for (const [vid, flags] of [...vlans].sort(([left], [right]) => left - right)) {
    const run = runs.at(-1);
    if (run !== undefined && run.last === vid - 1 && isSame(run.flags, flags) && !flags.pvid) run.last = vid;
    else runs.push({ first: vid, last: vid, flags });
  }
  return runs.map(({ first, last, flags }) =>
    [
      first === last ? `${first}` : `${first}-${last}`,
      ...(flags.pvid ? ["pvid"] : []),
      ...(flags.untagged ? ["untagged"] : []),
    ].join(" "),
  );
}

/** Returns the VLANs to add or to change, and those to delete, in normal form. */
export function vlanChanges(has: Vlans, wanted: Vlans): { readonly add: string[]; readonly remove: string[] } {
  const add = [...wanted].filter(([vid, flags]) => !isSame(has.get(vid), flags));
  const remove = [...has].filter(([vid]) => !wanted.has(vid)).map(([vid]) => [vid, NO_FLAGS] as const);
  return { add: vlanTexts(new Map(add)), remove: vlanTexts(new Map(remove)) };
}

const NO_FLAGS: VlanFlags = { pvid: false, untagged: false };

const isSame = (one: VlanFlags | undefined, other: VlanFlags): boolean =>
  one?.pvid === other.pvid && one.untagged === other.untagged;

function parse(given: unknown): { first: number; last: number; flags: VlanFlags } | undefined {
  if (typeof given !== "string" && typeof given !== "number") return undefined;
  const [, from, to = from, flags = ""] = /^(\d{1,4})(?:-(\d{1,4}))?((?: pvid| untagged)*)$/.exec(String(given)) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (!(first >= 1 && first <= last && last <= 4094)) return undefined;
  return { first, last, flags: { pvid: flags.includes("pvid"), untagged: flags.includes("untagged") } };
}

function faultOf(given: unknown): string | undefined {
  if (!Array.isArray(given)) return undefined;
  const wrong: unknown = given.find((one) => parse(one) === undefined);
  if (wrong !== undefined)
    return `${JSON.stringify(wrong)} is not a VLAN ID from 1 to 4094 or a range of them, with the flags pvid and untagged, e.g. 10, "20-29" or "30 pvid untagged"`;
  const all = given.flatMap((one) => parse(one) ?? []);
  const vids = all.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index));
  const twice = vids.find((vid, index) => vids.indexOf(vid) !== index);
  if (twice !== undefined) return `the VLAN ${twice} is listed twice`;
  if (all.some(({ first, last, flags }) => flags.pvid && first !== last)) return "a range cannot be the pvid";
  return all.filter(({ flags }) => flags.pvid).length > 1 ? "a port has at most one pvid" : undefined;
}
