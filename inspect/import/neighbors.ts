import { showNeighbors, showProxies } from "../../provider/kernel/tools/neigh.ts";
import { placeId } from "../../provider/kind.ts";
import { neighbor } from "../../provider/kinds/neighbor.ts";
import type { Place } from "../place.ts";
import { type FoundObject, linkNamed } from "./found.ts";
import { collect, type Taker } from "./taker.ts";

/** Returns the permanent neighbours and the proxied addresses of the links of a place. */
export async function neighborsToImport(
  { kernel, take }: Taker,
  place: Place,
  links: readonly FoundObject[],
): Promise<FoundObject[]> {
  const [neighbors = [], proxies = []] = await Promise.all([showNeighbors(kernel, place), showProxies(kernel, place)]);
  const permanent = neighbors.filter(({ state }) => state?.includes("PERMANENT"));
  return collect([...permanent, ...proxies], async ({ dev, dst, proxy }) =>
    linkNamed(links, place, dev) === undefined
      ? []
      : take([neighbor.type], [placeId(place, dev ?? ""), dst, ...(proxy === undefined ? [] : ["proxy"])].join("/")),
  );
}
