import { exclusiveClaims } from "../claims.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import {
  type BaseChain,
  type NftRule,
  type NftTable,
  nft,
  nftQuote,
  showRuleTexts,
  showTable,
} from "../kernel/tools/nft.ts";
import { type Kind, type Observed, placeId } from "../kind.ts";
import { changes } from "../schema.ts";
import { type FilterArgs, filterSchema } from "./filter-args.ts";
import type { FilterRule } from "./filter-rule.ts";
import { ruleOf, ruleText } from "./filter-text.ts";
import { foreignFilterChains } from "./foreign-filter.ts";
import { deletionLines, tableLock, tableOf } from "./stack-table.ts";

interface ObservedChain extends Observed<FilterArgs> {
  readonly namespace: string | undefined;
  /** The table that the chain is in. */
  readonly table: string;
  readonly name: string;
  /** The content of the table. */
  readonly around: NftTable;
}

/**
 * A chain's rules are changed as a whole, in one transaction. Its last rule, which only counts, has the mark in its comment: nft
 * does not list the comment of a chain.
 */
export const filterChain: Kind<FilterArgs, ObservedChain> = {
  type: "FilterChain",
  schema: filterSchema,
  ownership: "mark",
  id: (args) => placeId(args.namespace, `filter/${atPriority(args.chain, args.priority)}`),
  claims: (args, mark) => exclusiveClaims(`filter chain ${filterChain.id(args, mark)}`),
  lockKey: tableLock,

  async observe(kernel, args, mark, next = mark) {
    const here = await observeIn(kernel, args, mark, tableOf(mark));
    // A renamed stack has a different table.
    return here ?? (tableOf(next) === tableOf(mark) ? undefined : observeIn(kernel, args, next, tableOf(next)));
  },

  async replacesEqual(kernel, args) {
    const chains = await foreignFilterChains(kernel, args.namespace);
    const equal = chains.find(({ state }) => state !== undefined && changes(filterSchema, state, args).length === 0);
    return equal === undefined ? [] : [`delete chain ${equal.name}`];
  },

  plan({ seen, desired, mark, replacedEqual = [] }) {
    if (desired === undefined)
      return seen === undefined ? [] : [{ run: nft(seen.namespace, ...deleteLines(seen)), tolerate: ["absent"] }];
    const home = tableOf(mark);
    const isInPlace = seen?.table === home;
    const state = isInPlace && seen.mark === mark ? seen.state : undefined;
    if (state !== undefined && changes(filterSchema, state, desired).length === 0) return [];
    const chain = `inet ${home} ${chainName(desired)}`;
    // The chain of that name is attached to another hook, which cannot change.
    const isMisplaced = isInPlace && seen.state === undefined;
    const lines = [
      `add table inet ${home}`,
      ...(isMisplaced ? [`delete chain ${chain}`] : []),
      `add chain ${chain} ${definition(desired)}`,
      `flush chain ${chain}`,
      ...(desired.rules ?? []).map((rule) => `add rule ${chain} ${ruleText(rule)}`),
      `add rule ${chain} counter comment ${nftQuote(`${mark}${MARKER}`)}`,
      ...(seen === undefined || seen.table === home ? [] : deleteLines(seen)),
      ...replacedEqual,
    ];
    return [{ run: nft(desired.namespace, ...lines) }];
  },
};

/** Returns the mark in the comment of a chain's last rule; undefined for other comments. */
export const chainMarkIn = (comment = ""): string | undefined =>
  comment.endsWith(MARKER) ? comment.slice(0, -MARKER.length) : undefined;

/** Returns the name of a chain in its table. */
export const chainName = ({ chain, priority }: Pick<FilterArgs, "chain" | "priority">): string =>
  // The stack's NAT rules have the names that begin with their hook, which is prerouting too.
  atPriority(chain === "prerouting" ? `filter_${chain}` : chain, priority);

/** Returns whether a chain is one of those that {@link chainName} names. */
export const isFilterChain = ({ type, hook, prio, name }: BaseChain): boolean =>
  type === "filter" && chainName({ chain: hook, priority: prio } as FilterArgs) === name;

const atPriority = (name: string, priority: number): string => (priority === 0 ? name : `${name}_at_${priority}`);

const MARKER = " policy";

const definition = ({ chain, priority, policy }: FilterArgs): string =>
  `{ type filter hook ${chain} priority ${priority}; policy ${policy}; }`;

const deleteLines = ({ table, name, around }: ObservedChain): string[] =>
  deletionLines(table, around, ({ chain }) => chain === name, { chain: name });

async function observeIn(
  kernel: KernelClient,
  args: FilterArgs,
  mark: string,
  table: string,
): Promise<ObservedChain | undefined> {
  const content = await showTable(kernel, args.namespace, table);
  const name = chainName(args);
  const chain = content.chains.find((one) => one.name === name);
  if (chain === undefined) return undefined;
  const rules = content.rules.filter((rule) => rule.chain === name);
  const marker = rules.find(({ comment }) => chainMarkIn(comment) !== undefined);
  const isOurs = chain.type === "filter" && chain.hook === args.chain && chain.prio === args.priority;
  const own = rules.filter((rule) => rule !== marker);
  return {
    namespace: args.namespace,
    table,
    name,
    around: content,
    // A chain that was emptied by hand has no mark, but the table is the stack's.
    mark: chainMarkIn(marker?.comment) ?? mark,
    state: isOurs
      ? {
          ...(args.namespace !== undefined && { namespace: args.namespace }),
          chain: args.chain,
          policy: chain.policy === "drop" ? "drop" : "accept",
          priority: args.priority,
          ...(own.length > 0 && { rules: await describeRules(kernel, own, args.namespace, table) }),
        }
      : undefined,
  };
}

/** Returns rules in terms of arguments; one that arguments cannot express as its text. */
async function describeRules(
  kernel: KernelClient,
  rules: readonly NftRule[],
  namespace: string | undefined,
  table: string,
): Promise<FilterRule[]> {
  const found = rules.map((rule) => ruleOf(rule));
  const [first] = rules;
  if (first === undefined || !found.includes(undefined)) return found.flatMap((rule) => rule ?? []);
  const texts = await showRuleTexts(kernel, namespace, table, first.chain);
  return rules.map(
    (rule, index) => found[index] ?? { action: "continue", nft: texts.get(rule.handle) ?? JSON.stringify(rule.expr) },
  );
}
