import { ALL_ZERO, type FdbEntry, showFdb } from "../../provider/kernel/tools/bridge.ts";
import { placeId } from "../../provider/kind.ts";
import { fdbEntry } from "../../provider/kinds/fdb-entry.ts";
import type { Place } from "../place.ts";
import { endsIn, type FoundObject } from "./found.ts";
import { collect, type Taker } from "./taker.ts";

/** Returns the static entries that lead to the links of a place in the forwarding databases of bridges and tunnels. */
export function forwardingEntriesToImport(
  { kernel, take, leave }: Taker,
  place: Place,
  links: readonly FoundObject[],
): Promise<FoundObject[]> {
  const ends = links.flatMap((link) => endsIn(link, place));
  return collect(ends, async ({ name, mac, master }) => {
    const where = placeId(place, String(name));
    const entries = (await showFdb(kernel, place, String(name))) ?? [];
    return collect(entries.filter(isTyped), async (entry) => {
      // The kernel adds entries with the MAC address of each port.
      if (entry.mac === mac || (entry.master !== undefined && master === undefined)) return [];
      const reason = reasonToLeave(entry);
      return reason === undefined
        ? take([fdbEntry.type], idOf(where, entry))
        : leave(`forwarding entry ${entry.mac} of ${where}`, reason);
    });
  });
}

/** Returns whether a person has added an entry: the kernel learns others, and adds those of multicast and of the remote ends of a tunnel. */
const isTyped = ({ mac, state, src_vni: srcVni }: FdbEntry): boolean =>
  (state === "static" || state === "permanent") &&
  !/^.[13579bdf]/.test(mac) &&
  (mac !== ALL_ZERO || srcVni !== undefined);

function reasonToLeave({ master, dst, state }: FdbEntry): string | undefined {
  if (master === undefined && dst === undefined) return "FdbEntry cannot express an entry of the interface itself";
  return master !== undefined && state === "permanent"
    ? "FdbEntry cannot express permanent: it adds static entries"
    : undefined;
}

const idOf = (where: string, { mac, vlan, dst, src_vni: srcVni }: FdbEntry): string =>
  [
    ...[where, mac],
    ...(vlan === undefined ? [] : ["vlan", vlan]),
    ...(dst === undefined ? [] : ["self"]),
    ...(srcVni === undefined ? [] : ["src_vni", srcVni]),
    ...(dst !== undefined && mac === ALL_ZERO ? ["dst", dst] : []),
  ].join("/");
