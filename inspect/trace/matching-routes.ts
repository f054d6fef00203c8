import * as v from "valibot";
import type { Family } from "../../provider/cidr.ts";
import type { LabHost } from "../lab-host.ts";
import type { Place } from "../place.ts";

/**
 * Returns the routes of a table of a place whose networks contain a destination; none for a table without routes, which does not exist.
 *
 * @param from The table, as in `table main` or `vrf blue`.
 */
export async function matchingRoutes(
  host: LabHost,
  place: Place,
  {
    family,
    destination,
    from,
  }: { family: Family; destination: string; from: readonly [kind: "table" | "vrf", name: string] },
) {
  const words = ["-json", "-family", family, "route", "show", ...from, "match", destination];
  const { code, stdout } = await host.run(place, "ip", ...words);
  return code === 0 ? v.parse(ROUTES, JSON.parse(stdout || "[]")) : [];
}

const ROUTES = v.array(
  v.object({
    dst: v.string(),
    type: v.optional(v.string(), "unicast"),
    metric: v.optional(v.number()),
    flags: v.optional(v.array(v.string()), []),
  }),
);
