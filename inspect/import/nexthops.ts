import { showNexthops } from "../../provider/kernel/tools/nexthop.ts";
import { placeId } from "../../provider/kind.ts";
import { nexthop } from "../../provider/kinds/nexthop.ts";
import { PROTOCOL } from "../../provider/kinds/route.ts";
import { type Place, placeName } from "../place.ts";
import { type FoundObject, linkNamed } from "./found.ts";
import { collect, type Taker } from "./taker.ts";

/** Returns the next hop objects of a place. */
export async function nexthopsToImport(
  { kernel, take, leave }: Taker,
  place: Place,
  links: readonly FoundObject[],
): Promise<FoundObject[]> {
  const all = ((await showNexthops(kernel, place)) ?? []).filter(({ protocol }) => protocol !== PROTOCOL);
  return collect(all, async ({ id, dev }) =>
    dev !== undefined && linkNamed(links, place, dev) === undefined
      ? leave(`nexthop ${id} in ${placeName(place)}`, `its link ${dev} is left`)
      : take([nexthop.type], placeId(place, `nexthop/${id}`)),
  );
}
