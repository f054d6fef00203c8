import { splitKey } from "../lab/hosts.ts";
import { MAIN_TABLE } from "../lab/routing-rules.ts";
import { type Check, describe, describePlace, type Lab, shortList } from "./check.ts";
import { mayActIn } from "./open-lans.ts";

/**
 * A routing rule that looks up a table in which the program declares no route and no Vrf has its routes, so that the rule has no effect. Not
 * where a program may add routes.
 */
export const unfilledTable: Check = (lab) => {
  const { lookups, namespaces, programs, incomplete } = lab;
  if ((["route", "link", "namespace", "program"] as const).some((is) => incomplete.has(is))) return [];
  return lookups.flatMap(({ resource, place, table }) => {
    if (table === undefined || table === null || OF_KERNEL.includes(table)) return [];
    if (!namespaces.has(place) || mayActIn(programs, place)) return [];
    const filled = tablesOf(lab, place);
    if (filled.includes(table) || filled.includes(null)) return [];
    const others = [...new Set(filled.filter((one) => one !== MAIN_TABLE))].map(String);
    return [
      {
        about: resource,
        message: `table of ${describe(resource)} is ${table}, but no route of ${describePlace(place)} is in this table: the rule has no effect`,
        help: `add a Route with table: ${table}${others.length === 0 ? "" : `; the other tables with routes there are ${shortList(others)}`}`,
      },
    ];
  });
};

/** The tables `default`, `main` and `local`. */
const OF_KERNEL: readonly number[] = [253, MAIN_TABLE, 255];

/** Returns the tables in which a place has routes: null for one that is unknown. */
function tablesOf({ routes, links }: Lab, place: string): (number | null)[] {
  const ofLinks = [...links.values()]
    .filter(({ key }) => splitKey(key).place === place)
    .flatMap(({ args: { table, gatewayTable } }) => [table, gatewayTable]);
  const ofRoutes = routes.filter((route) => route.place === place).map(({ table }) => table);
  return [...ofLinks, ...ofRoutes].filter((table) => typeof table === "number" || table === null);
}
