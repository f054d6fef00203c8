import * as v from "valibot";
import { faultOfListInText } from "./list-in-text.ts";
import { listInNormalForm } from "./value.ts";
import { MAX_VNI } from "./values.ts";

/*
 * The VLANs of a bridge port, in the words of `bridge vlan add … vid`: "10", "20-29", "30 untagged", "40 pvid untagged", and on a port to
 * a tunnel "50 tunnel_info id 1050". In normal form a list is in the order of its VLAN IDs, and each range is as long as possible.
 */

/** The flags of one VLAN. */
interface VlanFlags {
  /** Whether frames without a tag that come in belong to this VLAN. */
  readonly pvid: boolean;
  /** Whether its frames leave without a tag. */
  readonly untagged: boolean;
  /** The identifier that its frames have in the tunnel behind the port; undefined if the port maps it to none. */
  readonly tunnelId?: number | undefined;
}

/** The flags of VLANs by their IDs. */
export type Vlans = ReadonlyMap<number, VlanFlags>;

/** Declares a list of VLANs, which has a normal form. */
export const vlanList = () => listOf(false);

/** Declares a list of VLANs, each with an optional identifier of a tunnel. */
export const tunnelledVlanList = () => listOf(true);

const listOf = (isTunnelled: boolean) => {
  const fault = (given: unknown) => faultOf(given, isTunnelled);
  const [words, example] = isTunnelled
    ? ["flags pvid and untagged, and tunnel_info id", `"30 pvid untagged", "40 tunnel_info id 1040"`]
    : ["flags pvid and untagged", `"30 pvid untagged"`];
  return listInNormalForm(
    {
      what: "a list of VLANs",
      rules: `: IDs from 1 to 4094, ranges, and the ${words}, e.g. [10, "20-29", ${example}]`,
      fault,
    },
    (given) => vlanTexts(vlansOf(given)),
  );
};

/** Returns the VLANs of a list. */
export const vlansOf = (list: readonly (string | number)[]): Vlans =>
  new Map(
    list.flatMap((text) => {
      const { first, last, flags, firstId } = parse(text) ?? { first: 0, last: -1, flags: NO_FLAGS };
      return Array.from({ length: last - first + 1 }, (_, index) => [
        first + index,
        firstId === undefined ? flags : { ...flags, tunnelId: firstId + index },
      ]);
    }),
  );

/** Returns the normal form of VLANs as a list. */
export function vlanTexts(vlans: Vlans): string[] {
  const runs: { first: number; last: number; flags: VlanFlags }[] = [];
  for (const [vid, flags] of [...vlans].sort(([left], [right]) => left - right)) {
    const run = runs.at(-1);
    if (run !== undefined && run.last === vid - 1 && continues(run, vid, flags)) run.last = vid;
    else runs.push({ first: vid, last: vid, flags });
  }
  return runs.map(({ first, last, flags: { pvid, untagged, tunnelId } }) =>
    [
      rangeText(first, last),
      ...(pvid ? ["pvid"] : []),
      ...(untagged ? ["untagged"] : []),
      ...(tunnelId === undefined ? [] : [`tunnel_info id ${rangeText(tunnelId, tunnelId + last - first)}`]),
    ].join(" "),
  );
}

/** Returns the VLANs to add or to change, and those to delete, in normal form. */
export function vlanChanges(has: Vlans, wanted: Vlans): { readonly add: string[]; readonly remove: string[] } {
  const add = [...wanted].filter(([vid, flags]) => !isSame(has.get(vid), flags));
  return { add: vlanTexts(withoutIds(add)), remove: idsOf([...has.keys()].filter((vid) => !wanted.has(vid))) };
}

/**
 * Returns the VLANs to map to an identifier of a tunnel, and those that lose theirs, in normal form. One that gets another identifier is in
 * both: the kernel refuses a second one.
 */
export function tunnelChanges(has: Vlans, wanted: Vlans): { readonly add: string[]; readonly remove: string[] } {
  const differs = (one: Vlans, other: Vlans) => (vid: number) =>
    one.get(vid)?.tunnelId !== undefined && one.get(vid)?.tunnelId !== other.get(vid)?.tunnelId;
  const add = [...wanted].filter(([vid]) => differs(wanted, has)(vid));
  return {
    add: vlanTexts(new Map(add.map(([vid, { tunnelId }]) => [vid, { ...NO_FLAGS, tunnelId }]))),
    // The kernel deletes the map of a VLAN with it.
    remove: idsOf([...has.keys()].filter((vid) => wanted.has(vid) && differs(has, wanted)(vid))),
  };
}

/** Returns VLANs without their identifiers of a tunnel. */
export const withoutIds = (vlans: Iterable<readonly [number, VlanFlags]>): Vlans =>
  new Map([...vlans].map(([vid, { pvid, untagged }]) => [vid, { pvid, untagged }]));

const idsOf = (vids: readonly number[]): string[] => vlanTexts(new Map(vids.map((vid) => [vid, NO_FLAGS])));

const NO_FLAGS: VlanFlags = { pvid: false, untagged: false };

const isSame = (one: VlanFlags | undefined, other: VlanFlags): boolean =>
  one?.pvid === other.pvid && one.untagged === other.untagged;

/** Returns the words for a range. */
export const rangeText = (first: number, last: number): string => (first === last ? `${first}` : `${first}-${last}`);

/** Returns whether a VLAN prolongs a range of others. */
const continues = (
  run: { readonly first: number; readonly flags: VlanFlags },
  vid: number,
  flags: VlanFlags,
): boolean =>
  isSame(run.flags, flags) &&
  !flags.pvid &&
  (run.flags.tunnelId === undefined ? undefined : run.flags.tunnelId + vid - run.first) === flags.tunnelId;

interface Parsed {
  readonly first: number;
  readonly last: number;
  readonly flags: VlanFlags;
  /** The tunnel's identifier of the first VLAN; the others follow one to one. */
  readonly firstId?: number;
  readonly lastId?: number;
}

function parse(given: unknown): Parsed | undefined {
  if (typeof given !== "string" && typeof given !== "number") return undefined;
  const [, from, to = from, flags = "", fromId, toId = fromId] =
    /^(\d{1,4})(?:-(\d{1,4}))?((?: pvid| untagged)*)(?: tunnel_info id (\d{1,8})(?:-(\d{1,8}))?)?$/.exec(
      String(given),
    ) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (!(first >= 1 && first <= last && last <= 4094)) return undefined;
  return {
    ...{ first, last, flags: { pvid: flags.includes("pvid"), untagged: flags.includes("untagged") } },
    ...(fromId !== undefined && { firstId: Number(fromId), lastId: Number(toId) }),
  };
}

function faultOf(given: unknown, isTunnelled: boolean): string | undefined {
  if (!Array.isArray(given)) return faultOfListInText(given, ITEM);
  const wrong: unknown = given.find((one) => parse(one) === undefined);
  if (wrong !== undefined)
    return (
      faultOfListInText(wrong, ITEM) ??
      `${JSON.stringify(wrong)} is not a VLAN ID from 1 to 4094 or a range of them, with the flags pvid and untagged, e.g. 10, "20-29" or "30 pvid untagged"`
    );
  const all = given.flatMap((one) => parse(one) ?? []);
  const vids = all.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index));
  const twice = vids.find((vid, index) => vids.indexOf(vid) !== index);
  if (twice !== undefined) return `the VLAN ${twice} is listed twice`;
  if (all.some(({ first, last, flags }) => flags.pvid && first !== last)) return "a range cannot be the pvid";
  if (all.filter(({ flags }) => flags.pvid).length > 1) return "a port has at most one pvid";
  return isTunnelled ? faultOfIds(all) : all.some(({ firstId }) => firstId !== undefined) ? NO_TUNNEL : undefined;
}

const ITEM = v.custom((given) => parse(given) !== undefined);

/** Returns the fault of the identifiers of a tunnel, which a port maps one to one. */
function faultOfIds(all: readonly Parsed[]): string | undefined {
  const mapped = all.filter(({ firstId }) => firstId !== undefined).toSorted(byId);
  const wrong = mapped.find(({ firstId = 0, lastId = 0 }) => firstId < 1 || lastId > MAX_VNI);
  if (wrong !== undefined)
    return `an identifier of a tunnel is a number from 1 to ${MAX_VNI}, e.g. "10 tunnel_info id 1010"`;
  const uneven = mapped.find(({ first, last, firstId = 0, lastId = 0 }) => lastId - firstId !== last - first);
  if (uneven !== undefined)
    return `the VLANs ${rangeText(uneven.first, uneven.last)} need as many identifiers, e.g. "10-19 tunnel_info id 1010-1019"`;
  const twice = mapped.find(({ firstId = 0 }, index) => firstId <= (mapped[index - 1]?.lastId ?? 0));
  return twice === undefined ? undefined : `the identifier ${twice.firstId} is that of two VLANs`;
}

const byId = (one: Parsed, other: Parsed): number => (one.firstId ?? 0) - (other.firstId ?? 0);

const NO_TUNNEL = "tunnel_info is for the vlans of a port to a tunnel, not for those of a bridge itself";
