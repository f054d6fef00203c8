import { tableNumber } from "../../provider/kernel/tools/ip.ts";
import { argsOfEntry, route } from "../../provider/kinds/route.ts";
import { routingRule } from "../../provider/kinds/routing-rule.ts";
import { ruleState } from "../../provider/kinds/routing-rule-text.ts";
import { placeName } from "../place.ts";
import { command } from "./as-typed.ts";
import { corrects, resourceAt } from "./declaration.ts";
import { matchingRoutes } from "./matching-routes.ts";
import type { Death, TraceContext } from "./packet.ts";
import { prefixLength } from "./routing-rules.ts";
import type { Advice } from "./types.ts";

/** Describes a route that refuses a packet, with the Route that declares it. */
export async function refusedByRoute(look: TraceContext, death: Death, destination: string): Promise<Advice> {
  const { place, detail = "", rule } = death;
  const type = REFUSALS[detail];
  if (type === undefined)
    return {
      reason: `${placeName(place)} finds no route to ${destination}`,
      hint: `the kernel's answer: ${command(place, "ip route get")} ${destination}`,
    };
  const declaration = await routeThatRefuses(look, death, destination, type);
  const table = rule?.entry.table;
  const selected =
    table === undefined
      ? ""
      : `. It is in the table ${table}, which the routing rule ${rule?.priority} selects (${rule?.text})`;
  return {
    reason: `a route of ${placeName(place)}${inBrackets(declaration)} ${refuses(type)} packets to ${destination}: its type is ${type}${selected}`,
    hint:
      declaration === undefined
        ? `check ${command(place, `ip route show${table === undefined ? "" : ` table ${table}`} match`)} ${destination}`
        : corrects(declaration),
  };
}

/** Describes a routing rule that refuses a packet, with the RoutingRule that declares it. */
export function refusedByRule(look: TraceContext, { place, rule }: Death, destination: string): Advice {
  const { family } = look;
  const args = rule && ruleState(rule.entry, { family });
  const declaration = args && resourceAt(look, place, (at) => routingRule.claims({ ...args, ...at }, ""));
  return {
    reason: `the routing rule ${rule?.priority} of ${placeName(place)} (${declaration === undefined ? "" : `${declaration}: `}${rule?.text}) ${refuses(rule?.refuses)} packets to ${destination}`,
    hint:
      declaration === undefined
        ? `check ${command(place, `ip${family === "inet6" ? " -6" : ""} rule show`)}`
        : corrects(declaration),
  };
}

/** Returns the Route that declares the route of a type that refuses packets to a destination; undefined if none does. */
async function routeThatRefuses(
  look: TraceContext,
  { place, rule }: Death,
  destination: string,
  type: string,
): Promise<string | undefined> {
  const { host, family } = look;
  const table = rule === undefined ? "main" : rule.entry.table;
  // The table of a VRF is not that of a rule.
  if (table === undefined) return undefined;
  const [found] = (await matchingRoutes(host, place, { family, destination, from: ["table", table] }))
    .filter((one) => one.type === type)
    .toSorted((one, other) => prefixLength(other.dst, family) - prefixLength(one.dst, family));
  if (found === undefined) return undefined;
  const args = { ...argsOfEntry(found, undefined), table: tableNumber(table) };
  // A default route without a gateway tells its family only by its second spelling.
  const isDefault = args.destination === "default" && family === "inet6";
  const own = isDefault ? { ...args, destination: "::/0" } : args;
  return resourceAt(look, place, (at) => route.claims({ ...own, ...at }, ""));
}

/** Returns what a route or rule of a type does: a blackhole sends no error to the sender. */
const refuses = (type: string | undefined): string => (type === "blackhole" ? "drops" : "rejects");

const inBrackets = (declaration: string | undefined): string => (declaration === undefined ? "" : ` (${declaration})`);

const REFUSALS: Readonly<Record<string, string>> = {
  "Invalid argument": "blackhole",
  "Permission denied": "prohibit",
  "No route to host": "unreachable",
};
