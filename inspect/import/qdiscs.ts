import { showAllQdiscs } from "../../provider/kernel/tools/tc.ts";
import { placeId } from "../../provider/kind.ts";
import { fqCodel } from "../../provider/kinds/fq-codel.ts";
import { netem } from "../../provider/kinds/netem.ts";
import { isSetByHand } from "../../provider/kinds/qdisc.ts";
import { tbf } from "../../provider/kinds/tbf.ts";
import type { Place } from "../place.ts";
import { type FoundObject, linkNamed } from "./found.ts";
import { collect, type Taker } from "./taker.ts";

/** Returns the queueing disciplines of the links of a place that a person has set, except a netem that belongs to a link. */
export async function qdiscsToImport(
  { kernel, take, leave }: Taker,
  place: Place,
  links: readonly FoundObject[],
): Promise<FoundObject[]> {
  const typed = ((await showAllQdiscs(kernel, place)) ?? []).filter(
    (qdisc) => qdisc.handle !== OF_KERNEL && isTop(qdisc.parent) && isSetByHand(qdisc),
  );
  return collect(typed, async ({ kind, dev, root }) => {
    const end = linkNamed(links, place, dev)?.end;
    if (end === undefined || (root && end["netem"] !== undefined)) return [];
    const where = placeId(place, dev ?? "");
    const known = root ? KINDS.get(kind) : undefined;
    return known === undefined
      ? leave(`qdisc ${kind} of ${where}`, "no resource describes it")
      : take([known], `${where}/egress`);
  });
}

/** The handle of a qdisc that the kernel has chosen. */
const OF_KERNEL = "0:";

/** Returns whether a qdisc is in no class of another one. */
const isTop = (parent: string | undefined): boolean => parent === undefined || parent.startsWith("ffff:");

const KINDS: ReadonlyMap<string, string> = new Map([
  ["netem", netem.type],
  ["tbf", tbf.type],
  ["fq_codel", fqCodel.type],
]);
