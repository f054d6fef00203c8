import { isDeepStrictEqual } from "node:util";
import type { KernelClient } from "../kernel/kernel.ts";
import { ALL_ZERO, bridgeCommand, showFdb } from "../kernel/tools/bridge.ts";
import type { Link } from "../kernel/tools/ip.ts";
import type { Difference } from "../kind.ts";
import type { Plan } from "../plan.ts";
import type { LinkPlace } from "./link.ts";
import { type TunnelPlace, underlayOf } from "./link-underlay.ts";

/*
 * The remote ends to which a VXLAN tunnel sends broadcasts and frames to unknown addresses: the entries of its database for the MAC
 * address of all zeros. The address `remote` or `group` of a tunnel is such an entry as well.
 */

interface FloodingLink extends LinkPlace {
  readonly flood?: readonly string[] | undefined;
  readonly remote?: string | undefined;
  readonly group?: string | undefined;
  readonly dev?: string | undefined;
}

/** Shows a lost entry for the address of a tunnel as a difference of that argument, and not of the list that the program does not have. */
export function shownFlood(difference: Difference, { remote, group }: FloodingLink): readonly Difference[] {
  const { property, is } = difference;
  const isCut = property === "flood" && Array.isArray(is) && is.length === 0;
  if (!isCut || (remote ?? group) === undefined) return [difference];
  return [{ property: remote === undefined ? "group" : "remote", was: remote ?? group, is: undefined }];
}

export const floodSettings = {
  async observe(kernel: KernelClient, { namespace, name, flood = [] }: FloodingLink, { linkinfo }: Link) {
    const data = linkinfo?.info_data ?? {};
    // Those of an external VXLAN are objects of their own, or belong to its identifiers.
    if (data["external"] === true) return {};
    const ownEnds = ["remote", "remote6", "group", "group6"]
      .map((key) => data[key])
      .filter((end) => typeof end === "string");
    const entries = await showFdb(kernel, namespace, name);
    if (entries === undefined) return {};
    const seen = entries.flatMap(({ mac, dst }) => (mac === ALL_ZERO && dst !== undefined ? [dst] : []));
    // The order has no effect, so it is the program's.
    const known = flood.filter((end) => seen.includes(end));
    const others = seen.filter((end) => !flood.includes(end) && !ownEnds.includes(end));
    // The kernel keeps the address of a tunnel whose entry was deleted by hand, so an empty list is the difference.
    const isCut = ownEnds.some((end) => !seen.includes(end));
    return known.length + others.length === 0 && !isCut ? {} : { flood: [...known, ...others] };
  },

  plan({ flood: seen }: FloodingLink = { name: "" }, desired: FloodingLink & TunnelPlace): Plan {
    const { namespace, name, flood = [], remote, group, dev } = desired;
    const has = seen ?? [];
    const own = seen === undefined ? undefined : (remote ?? group);
    if (own === undefined && isDeepStrictEqual(has, flood)) return [];
    const change = (verb: "append" | "del", end: string, ...details: string[]) =>
      bridgeCommand(namespace, name, "fdb", verb, ALL_ZERO, "dev", name, "dst", end, "self", ...details);
    // The entry of a tunnel names the interface below it, which is known by name only in the tunnel's own namespace.
    const via = dev === undefined || underlayOf(desired) !== namespace ? [] : ["via", dev];
    return [
      ...(own === undefined ? [] : [{ run: change("append", own, ...via, "permanent") }]),
      ...flood.filter((end) => !has.includes(end)).map((end) => ({ run: change("append", end, "permanent") })),
      ...has
        .filter((end) => !flood.includes(end))
        .map((end) => ({ run: change("del", end), tolerate: ["absent"] as const })),
    ];
  },
};
