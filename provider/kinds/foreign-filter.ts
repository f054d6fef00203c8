import type { KernelClient } from "../kernel/kernel.ts";
import {
  type BaseChain,
  listRuleset,
  type NftRuleset,
  type RuleInTable,
  rulesOf,
  showRuleTexts,
} from "../kernel/tools/nft.ts";
import { check } from "../schema.ts";
import { type FilterArgs, filterSchema } from "./filter-args.ts";
import type { FilterRule } from "./filter-rule.ts";
import { ruleOf } from "./filter-text.ts";
import { inOwnWords, isInOrder } from "./foreign-filter-parts.ts";
import { setReference } from "./set-reference.ts";
import { isStackTable } from "./stack-table.ts";

/** A chain outside of the tables of stacks that filters packets. */
export interface ForeignFilterChain {
  /** The family, the table and the name. */
  readonly name: string;
  readonly hook: string | undefined;
  readonly priority: number | undefined;
  /** The chain in terms of arguments; undefined if arguments cannot express it. */
  readonly state: FilterArgs | undefined;
  /** The text of the first rule that arguments cannot express; undefined if the chain itself cannot be expressed. */
  readonly inexpressible: string | undefined;
}

/** Returns the chains of a place that filter packets and are in no table of a stack, without those that let all packets pass. */
export async function foreignFilterChains(
  kernel: KernelClient,
  namespace: string | undefined,
): Promise<readonly ForeignFilterChain[]> {
  const ruleset = await listRuleset(kernel, namespace);
  const found: ForeignFilterChain[] = [];
  for (const chain of ruleset.chains) {
    const { family, table, name, type, hook, prio: priority, policy } = chain;
    if (hook === undefined || type === "nat" || isStackTable(table)) continue;
    const own = rulesOf(ruleset, chain);
    if (own.length === 0 && policy !== "drop") continue;
    const rules = own.map((rule) => foreignRule(rule, chain, ruleset));
    const faulty = own[rules.indexOf(undefined)];
    const texts = faulty && (await showRuleTexts(kernel, namespace, table, name, family));
    found.push({
      ...{ name: `${family} ${table} ${name}`, hook, priority },
      state: faulty === undefined ? foreignState(namespace, chain, rules) : undefined,
      inexpressible: faulty && texts?.get(faulty.handle),
    });
  }
  return found;
}

/** Returns a rule in terms of arguments; undefined if they cannot express it in a chain of both families. */
function foreignRule(rule: RuleInTable, { policy }: BaseChain, ruleset: NftRuleset): FilterRule | undefined {
  const expr = rule.expr.map((part) => inOwnWords(part, rule.family));
  if (setReference(rule, ruleset) !== undefined || !isInOrder(expr)) return undefined;
  const found = ruleOf({ ...rule, expr });
  const family = oneFamily(rule.family);
  // The rule that stands for the policy of a chain of one family is one that `return` leaves out.
  if (family !== undefined && policy === "drop" && found?.action === "return") return undefined;
  // The family of the table applies to a rule that names none.
  return found && (found.family === "inet" && family !== undefined ? { ...found, family } : found);
}

/** Returns a chain in terms of arguments. The policy `drop` of a chain of one family is a last rule for that family. */
function foreignState(
  namespace: string | undefined,
  { family, type, hook, prio: priority, policy }: BaseChain,
  rules: readonly (FilterRule | undefined)[],
): FilterArgs | undefined {
  const own = oneFamily(family);
  if (type !== "filter" || (own === undefined && family !== "inet")) return undefined;
  const isLast = own !== undefined && policy === "drop";
  const all = [...rules, ...(isLast ? [{ action: "drop", family: own }] : [])];
  const checked = check(filterSchema, {
    ...(namespace !== undefined && { namespace }),
    ...{ chain: hook, priority, policy: isLast ? "accept" : policy },
    ...(all.length > 0 && { rules: all }),
  });
  return "args" in checked ? checked.args : undefined;
}

/** Returns the family of the packets in a table; undefined for `inet` and for those of other packets. */
const oneFamily = (family: string): "ip" | "ip6" | undefined =>
  family === "ip" || family === "ip6" ? family : undefined;
