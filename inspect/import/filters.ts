import { listRuleset } from "../../provider/kernel/tools/nft.ts";
import { placeId } from "../../provider/kind.ts";
import type { FilterArgs } from "../../provider/kinds/filter-args.ts";
import { filterChain } from "../../provider/kinds/filter-chain.ts";
import { type FilterRule, filterRule } from "../../provider/kinds/filter-rule.ts";
import { type ForeignFilterChain, foreignFilterChains } from "../../provider/kinds/foreign-filter.ts";
import { impliedFamily } from "../../provider/kinds/packet-match.ts";
import { isStackTable } from "../../provider/kinds/stack-table.ts";
import { withoutDefaults } from "../../provider/program-arguments.ts";
import type { Place } from "../place.ts";
import type { FoundObject } from "./found.ts";
import type { Taker } from "./taker.ts";

/**
 * Returns the chains of a namespace that filter packets and are in no table of a stack. Those of the lab host are left alone: it has them without a
 * lab, too. So are those that a FilterChain cannot express as a whole, and the sets.
 */
export async function filtersToImport({ kernel, leave }: Taker, place: Place): Promise<FoundObject[]> {
  const chains = await foreignFilterChains(kernel, place);
  const found = chains.flatMap((chain) => {
    const { name, state, inexpressible } = chain;
    const what = `chain ${placeId(place, name)}`;
    const rival = chains.find((other) => other !== chain && isRival(chain, other));
    if (inexpressible !== undefined) return leave(what, `FilterChain cannot express its rule: ${inexpressible}`);
    if (state === undefined) return leave(what, "no resource describes it");
    if (place === undefined) return leave(what, "the lab host has it without a lab, too");
    if (rival !== undefined)
      return leave(
        what,
        `the chain ${placeId(place, rival.name)} has the same hook and priority: a stack has one FilterChain for these`,
      );
    return [declared(placeId(place, name), state)];
  });
  for (const { family, table, name } of (await listRuleset(kernel, place)).sets)
    if (!isStackTable(table)) leave(`set ${placeId(place, `${family} ${table} ${name}`)}`, "no resource describes it");
  return found;
}

const isRival = (chain: ForeignFilterChain, other: ForeignFilterChain): boolean =>
  other.state !== undefined && other.hook === chain.hook && other.priority === chain.priority;

const declared = (id: string, { rules, ...state }: FilterArgs): FoundObject => ({
  kind: filterChain.type,
  id,
  inputs: {
    ...withoutDefaults(filterChain.schema, state),
    ...(rules !== undefined && { rules: rules.map(chosen) }),
  },
  adopt: true,
});

/** Returns the arguments of a rule that do not follow from the others. */
function chosen({ family, ...rest }: FilterRule): object {
  const { rejectWith, ...all } = withoutDefaults(filterRule, rest) as FilterRule;
  return {
    ...all,
    ...(rejectWith !== undefined && rejectWith !== "port-unreachable" && { rejectWith }),
    ...(family !== impliedFamily(rest) && { family }),
  };
}
