import { listRuleset } from "../../provider/kernel/tools/nft.ts";
import { placeId } from "../../provider/kind.ts";
import { isStackTable } from "../../provider/kinds/stack-table.ts";
import type { Place } from "../place.ts";
import type { Taker } from "./taker.ts";

/** Lists the chains of a place that filter packets, and the sets, as left alone: a resource has a chain of its own, and takes over none. */
export async function leaveFilters({ kernel, leave }: Taker, place: Place): Promise<void> {
  const { chains, rules, sets } = await listRuleset(kernel, place);
  for (const { family, table, name, type, hook, policy } of chains) {
    if (hook === undefined || type === "nat" || isStackTable(table)) continue;
    const own = rules.filter((rule) => rule.family === family && rule.table === table && rule.chain === name);
    if (own.length === 0 && policy !== "drop") continue;
    const isExpressible = type === "filter" && HOOKS.includes(hook);
    leave(
      `chain ${placeId(place, `${family} ${table} ${name}`)}`,
      isExpressible
        ? "FilterChain takes over no chain: declare it, and delete this one after the first up"
        : "no resource describes it",
    );
  }
  for (const { family, table, name } of sets)
    if (!isStackTable(table)) leave(`set ${placeId(place, `${family} ${table} ${name}`)}`, "no resource describes it");
}

/** The hooks of a FilterChain. */
const HOOKS = ["input", "forward", "output"];
