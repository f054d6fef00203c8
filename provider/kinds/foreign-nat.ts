import type { KernelClient } from "../kernel/kernel.ts";
import { type BaseChain, listRuleset, type RuleInTable, rulesOf } from "../kernel/tools/nft.ts";
import type { NatArgs } from "./nat-args.ts";
import { inexpressiblePart, natParts } from "./nat-parts.ts";
import { hookOf, stateOf } from "./nat-text.ts";
import { partText } from "./nft-part-text.ts";
import { setReference } from "./set-reference.ts";
import { isStackTable } from "./stack-table.ts";

/** A chain of NAT rules outside of the tables of stacks. */
export interface ForeignNatChain {
  /** The family, the table and the name. */
  readonly name: string;
  readonly family: string;
  readonly hook: string | undefined;
  readonly priority: number | undefined;
  /** Whether it drops the packets that no rule decides. */
  readonly drops: boolean;
  /** The rules in the order in which they apply. */
  readonly rules: readonly ForeignNatRule[];
}

/** A NAT rule outside of the tables of stacks. */
export interface ForeignNatRule {
  readonly handle: number;
  /** The rule in terms of arguments; undefined if arguments cannot express it. */
  readonly state: NatArgs | undefined;
  /** The part of it that arguments cannot express, in the words of nft. */
  readonly inexpressible: string;
}

/** Returns the chains of NAT rules of a place that are in no table of a stack. */
export async function foreignNatChains(
  kernel: KernelClient,
  namespace: string | undefined,
): Promise<readonly ForeignNatChain[]> {
  const ruleset = await listRuleset(kernel, namespace);
  return ruleset.chains
    .filter(({ type, table }) => type === "nat" && !isStackTable(table))
    .map((chain) => ({
      name: `${chain.family} ${chain.table} ${chain.name}`,
      ...{ family: chain.family, hook: chain.hook, priority: chain.prio, drops: chain.policy === "drop" },
      rules: rulesOf(ruleset, chain)
        .map(withoutCounters)
        .map((rule) => {
          const reference = setReference(rule, ruleset);
          return {
            handle: rule.handle,
            state: reference === undefined ? foreignState(rule, namespace, chain) : undefined,
            inexpressible: reference === undefined ? reasonOf(rule, chain) : partText(reference),
          };
        }),
    }));
}

/** Returns a rule without counters of its own, which change nothing about packets. A counter with a name is an object that others read. */
const withoutCounters = (rule: RuleInTable): RuleInTable => ({
  ...rule,
  expr: rule.expr.filter((part) => !(isObject(part) && "counter" in part && typeof part.counter !== "string")),
});

const isObject = (part: unknown): part is object => typeof part === "object" && part !== null;

function foreignState(
  rule: RuleInTable,
  namespace: string | undefined,
  { hook, prio: priority }: BaseChain,
): NatArgs | undefined {
  // The hook tells the type of an exception, whatever the name of the chain is.
  const state = stateOf({ ...rule, chain: hook ?? "" }, namespace);
  if (state === undefined || priority === undefined || hookOf(state.type) !== hook) return undefined;
  // The family of the table applies to a rule that names none.
  const isOfTable = state.family === "inet" && (rule.family === "ip" || rule.family === "ip6");
  return { ...state, priority, ...(isOfTable && { family: rule.family as NatArgs["family"] }) };
}

/** Returns what arguments cannot express of a rule: a part of it, or else that which its parts mean together. */
function reasonOf({ expr }: RuleInTable, { hook }: BaseChain): string {
  const part = inexpressiblePart(expr);
  if (part !== undefined) return partText(part);
  const { type, exclude } = natParts(expr) ?? {};
  if (type === undefined && !exclude) return "a rule that translates nothing";
  return type === undefined || hookOf(type) !== hook ? `the hook ${hook}` : "its parts together";
}
