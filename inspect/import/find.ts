import { listInterfaces, namespacesOf } from "../interfaces.ts";
import type { LabHost } from "../lab-host.ts";
import type { Place } from "../place.ts";
import { resolveByName } from "../resolve-name.ts";
import { addressesToImport } from "./addresses.ts";
import { filtersToImport } from "./filters.ts";
import { forwardingEntriesToImport } from "./forwarding-entries.ts";
import type { FoundLab } from "./found.ts";
import { linksToImport } from "./links.ts";
import { natRulesToImport } from "./nat-rules.ts";
import { neighborsToImport } from "./neighbors.ts";
import { nexthopsToImport } from "./nexthops.ts";
import { qdiscsToImport } from "./qdiscs.ts";
import { routesToImport } from "./routes.ts";
import { routingRulesToImport } from "./routing-rules.ts";
import { sysctlsToImport } from "./sysctls.ts";
import { collect, takerOf } from "./taker.ts";

/** The objects to look for. */
export interface Search {
  /** The namespaces to search; all, and the lab host, if undefined. */
  readonly namespaces?: readonly string[] | undefined;
  /** The names of links that are taken although another program seems to have made them. */
  readonly named?: readonly string[] | undefined;
}

/**
 * Finds the namespaces, links, routes, neighbours, NAT rules, filter chains and sysctls of a lab. Hardware, the objects of stacks, and those of other software such
 * as Docker are left alone. Changes nothing.
 */
export async function findLab(host: LabHost, { namespaces, named = [] }: Search = {}): Promise<FoundLab> {
  const taker = takerOf(host.kernel);
  const isSearched = (place: Place) => namespaces === undefined || (place !== undefined && namespaces.includes(place));

  const all = await namespacesOf(host.kernel);
  const known = new Map(all.map((name) => [name, name]));
  for (const name of namespaces ?? []) resolveByName("namespace", name, known, all, "the lab host");
  const spaces = await collect(all.filter(isSearched), (name) => taker.take(["Namespace"], name));
  const links = await linksToImport(taker, await listInterfaces(host), {
    isSearched: (ends) => ends.some(({ place }) => isSearched(place)),
    named,
  });
  const places = [undefined, ...spaces.map(({ id }) => id)].filter(isSearched);
  // The settings and rules of the lab host alone are no lab.
  if (links.length + spaces.length === 0) return { found: [], left: taker.left };
  const rest = await collect(places, async (place) => [
    ...(await addressesToImport(taker, place, links)),
    ...(await neighborsToImport(taker, place, links)),
    ...(await forwardingEntriesToImport(taker, place, links)),
    ...(await nexthopsToImport(taker, place, links)),
    ...(await routesToImport(taker, place, links)),
    ...(await qdiscsToImport(taker, place, links)),
    ...(await sysctlsToImport(taker, place, links)),
    ...(await routingRulesToImport(taker, place)),
    ...(await natRulesToImport(taker, place)),
    ...(await filtersToImport(taker, place)),
  ]);
  return { found: [...spaces, ...links, ...rest], left: taker.left };
}
