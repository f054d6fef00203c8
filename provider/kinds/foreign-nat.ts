import type { KernelClient } from "../kernel/kernel.ts";
import { listRuleset, type RuleInTable } from "../kernel/tools/nft.ts";
import type { NatArgs } from "./nat-args.ts";
import { hookOf, stateOf } from "./nat-text.ts";
import { isStackTable } from "./stack-table.ts";

/** A NAT rule outside of the tables of stacks. */
export interface ForeignNatRule {
  /** Its chain: the family, the table and the name. */
  readonly chain: string;
  readonly handle: number;
  /** The rule in terms of arguments; undefined if arguments cannot express it. */
  readonly state: NatArgs | undefined;
}

/** Returns the NAT rules of a place that are in no table of a stack, in the order in which they apply within each chain. */
export async function foreignNatRules(
  kernel: KernelClient,
  namespace: string | undefined,
): Promise<readonly ForeignNatRule[]> {
  const { chains, rules } = await listRuleset(kernel, namespace);
  const isNat = chains.filter(({ type, table }) => type === "nat" && !isStackTable(table));
  return isNat.flatMap(({ family, table, name, hook, prio }) =>
    rules
      .filter((rule) => rule.family === family && rule.table === table && rule.chain === name)
      .map((rule) => ({
        chain: `${family} ${table} ${name}`,
        handle: rule.handle,
        state: foreignState(rule, { namespace, hook, priority: prio }),
      })),
  );
}

interface ForeignChain {
  readonly namespace: string | undefined;
  readonly hook: string | undefined;
  readonly priority: number | undefined;
}

function foreignState(rule: RuleInTable, { namespace, hook, priority }: ForeignChain): NatArgs | undefined {
  const state = stateOf(rule, namespace);
  if (state === undefined || priority === undefined || hookOf(state.type) !== hook) return undefined;
  // The family of the table applies to a rule that names none.
  const isOfTable = state.family === "inet" && (rule.family === "ip" || rule.family === "ip6");
  return { ...state, priority, ...(isOfTable && { family: rule.family as NatArgs["family"] }) };
}
