import { exclusiveClaims } from "../claims.ts";
import { listRules, type NftRule, nft } from "../kernel/tools/nft.ts";
import { type Kind, type Observed, placeId, type Transition } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { type LinkedRule, longestIncreasing, sortByLinks } from "../rule-order.ts";
import { changes, hasUnknown, isUnknown } from "../schema.ts";
import { deleteFlows, staleFlowWarning } from "./conntrack.ts";
import { foreignNatRules } from "./foreign-nat.ts";
import { impliedFamily, type NatArgs, natSchema } from "./nat-args.ts";
import {
  chainOf,
  definition,
  hashOf,
  markIn,
  nameOf,
  predecessorIn,
  statement,
  stateOf,
  usualPriority,
} from "./nat-text.ts";
import { tableLock, tableOf } from "./stack-table.ts";

interface ObservedNatRule extends Observed<NatArgs> {
  readonly namespace: string | undefined;
  /** The rule; undefined if it does not exist yet. */
  readonly rule: NftRule | undefined;
  /** The table that the rule is in. */
  readonly table: string;
  /** All rules of the table that the rule should be in, chain by chain, in the order in which they apply. */
  readonly rules: readonly NftRule[];
  /** The number of rules in the table that contains the rule. */
  readonly count: number;
}

export const natRule: Kind<NatArgs, ObservedNatRule> = {
  type: "NatRule",
  schema: natSchema,
  ownership: "mark",
  applyDefaults: (args) => ({
    ...args,
    family: hasUnknown(args) ? args.family : impliedFamily(args),
    priority: args.priority ?? (isUnknown(args.type) ? undefined : usualPriority(args.type)),
  }),
  // Two rules may be identical, so a rule is identified by its resource.
  id: ({ namespace }, mark) => placeId(namespace, mark),
  claims: (args, mark) => exclusiveClaims(`NAT rule ${natRule.id(args, mark)}`),
  lockKey: tableLock,

  async observe(kernel, { namespace }, mark, next = mark) {
    const [table, home] = [tableOf(mark), tableOf(next)];
    const there = await listRules(kernel, namespace, table);
    // A renamed stack has a different table.
    const rules = home === table ? there : await listRules(kernel, namespace, home);
    if (there.length + rules.length === 0) return undefined;
    // A run whose state was lost may have changed the mark already.
    const former = there.find(({ comment }) => markIn(comment) === mark);
    const rule = former ?? rules.find(({ comment }) => markIn(comment) === next);
    const [found, around] = former === undefined ? [next, rules] : [mark, there];
    const state = rule && stateOf(rule, namespace);
    const after = rule && afterOf(rule, around);
    return {
      namespace,
      table: tableOf(found),
      rule,
      rules,
      count: around.length,
      mark: found,
      state: state && { ...state, ...(after && { after }) },
    };
  },

  async replacesEqual(kernel, { after: _, ...args }) {
    const rules = await foreignNatRules(kernel, args.namespace);
    const equal = rules.find(({ state }) => state !== undefined && changes(natSchema, state, args).length === 0);
    return equal === undefined ? [] : [`delete rule ${equal.chain} handle ${equal.handle}`];
  },

  plan: (change) => planBatch([change]),
  planBatch,
  warnLeftover: (kernel, { namespace }) => staleFlowWarning(kernel, namespace),
};

type RuleChange = Transition<NatArgs, ObservedNatRule>;

/** Plans one transaction for all changes: `nft` reads all rules for each transaction that adds to a chain or deletes. */
function planBatch(all: readonly RuleChange[]): Plan {
  const needed = all.filter(isNeeded);
  const [first] = needed;
  if (first === undefined) return [];
  const table = `inet ${tableOf(first.mark)}`;
  const rules = needed.find(({ seen }) => seen !== undefined)?.seen?.rules ?? [];
  const chains = new Set(needed.flatMap(({ desired }) => (desired === undefined ? [] : tableAndChain(desired, table))));
  const replaced = new Set(needed.flatMap(({ replacedEqual = [] }) => replacedEqual));
  const lines = [...chains, ...arrangeRules(needed, rules, table), ...deleteLines(needed), ...replaced];
  const run = nft((first.desired ?? first.seen)?.namespace, ...lines);
  // In a transaction with other changes, deleting a rule that no longer exists would make all of them fail.
  const alone = needed.length === 1 && first.desired === undefined;
  return [{ run, ...(alone && { tolerate: ["absent"] as const }) }, ...deleteFlows(run.namespace, needed)];
}

function isNeeded({ seen, desired, mark }: RuleChange): boolean {
  if (desired === undefined) return seen?.rule !== undefined;
  if (seen?.state === undefined || markIn(seen.rule?.comment) !== mark) return true;
  // A rule may be in its position by chance, for example while others are being moved.
  const isLinked = predecessorIn(seen.rule?.comment) === (desired.after && hashOf(desired.after));
  return !isLinked || changes(natSchema, seen.state, desired).length > 0;
}

/** Returns the lines that create the table and the chain of a rule. */
const tableAndChain = (desired: NatArgs, table: string): string[] => [
  `add table ${table}`,
  `add chain ${table} ${chainOf(desired)} ${definition(desired)}`,
];

/** A rule in the wanted table: an unchanged, changed or new one. */
interface RuleEntry extends LinkedRule {
  readonly changed: boolean;
  readonly chain: string;
  /** The existing rule; undefined for a new one. */
  readonly is: NftRule | undefined;
  /** Returns the rule's text in nft syntax; undefined for a rule that arguments cannot express, which is not moved. */
  readonly text: () => string | undefined;
}

/** Returns the commands that move the rules of a table to their positions, with as few moves as possible. */
function arrangeRules(needed: readonly RuleChange[], rules: readonly NftRule[], table: string): string[] {
  const stays = rules.filter(({ handle }) => !needed.some(({ seen }) => seen?.rule?.handle === handle));
  const entries = [...stays.flatMap(unchangedEntries), ...needed.flatMap(changedEntries)];
  const positions = new Map(rules.map(({ handle }, index) => [handle, index]));
  const ordered = sortByLinks(
    entries.toSorted((left, right) => positionOf(left, positions) - positionOf(right, positions)),
  );
  return [...Map.groupBy(ordered, ({ chain }) => chain).values()].flatMap((chain) =>
    arrangeChain(chain, positions, table),
  );
}

/** Returns lines that delete unwanted rules, and rules that leave a table or chain; a table is deleted with its last rule. */
function deleteLines(needed: readonly RuleChange[]): string[] {
  const leaving = needed.flatMap((change) =>
    change.seen?.rule !== undefined && leavesChain(change, change.seen) ? change.seen : [],
  );
  const isEmptied = ({ table, count }: ObservedNatRule): boolean =>
    leaving.filter((other) => other.table === table).length === count &&
    !needed.some(({ desired, mark }) => desired !== undefined && tableOf(mark) === table);
  const deletions = leaving.map((seen) =>
    isEmptied(seen)
      ? `delete table inet ${seen.table}`
      : seen.rule
        ? `delete ${ruleHandle(seen.rule, `inet ${seen.table}`)}`
        : "",
  );
  return [...new Set(deletions)];
}

/** Returns whether a change moves a rule out of its chain. */
const leavesChain = ({ desired, mark }: RuleChange, { table, rule }: ObservedNatRule): boolean =>
  desired === undefined || table !== tableOf(mark) || rule?.chain !== chainOf(desired);

function arrangeChain(chain: readonly RuleEntry[], positions: ReadonlyMap<number, number>, table: string): string[] {
  const here = chain.filter(({ is }) => is !== undefined);
  const row = longestIncreasing(here.map((entry) => positionOf(entry, positions)));
  const fixed = new Set(here.filter((_, index) => row.has(index)));
  const lines: string[] = [];
  let anchor: NftRule | undefined;
  let waiting: string[] = [];
  for (const entry of chain) {
    const { is, text, changed, chain: name } = entry;
    if (is !== undefined && fixed.has(entry)) {
      lines.push(...insertAt(waiting, anchor, `${table} ${name}`));
      if (changed) lines.push(`replace ${ruleHandle(is, table)} ${text()}`);
      [anchor, waiting] = [is, []];
      continue;
    }
    const moved = text();
    if (moved === undefined) continue;
    if (is !== undefined) lines.push(`delete ${ruleHandle(is, table)}`);
    waiting.push(moved);
  }
  // After the last rule that is not moved, the rules are added in order.
  return [...lines, ...waiting.map((text) => `add rule ${table} ${chain[0]?.chain} ${text}`)];
}

/** Returns lines that insert rules after an anchor, or before all others. Each is put right after the anchor, in reverse order. */
const insertAt = (texts: readonly string[], anchor: NftRule | undefined, chain: string): string[] =>
  texts
    .toReversed()
    .map((text) =>
      anchor === undefined ? `insert rule ${chain} ${text}` : `add rule ${chain} handle ${anchor.handle} ${text}`,
    );

const positionOf = ({ is }: RuleEntry, positions: ReadonlyMap<number, number>): number =>
  is === undefined ? Infinity : (positions.get(is.handle) ?? Infinity);

function unchangedEntries(rule: NftRule): RuleEntry[] {
  const [mark, after] = [markIn(rule.comment), predecessorIn(rule.comment)];
  // A foreign rule is not part of the order.
  if (mark === undefined) return [];
  const text = () => {
    const state = stateOf(rule, undefined);
    return state && statement({ ...state, ...(after !== undefined && { after }) }, mark);
  };
  return [{ id: hashOf(mark), after, changed: false, chain: rule.chain, is: rule, text }];
}

const changedEntries = ({ seen, desired, mark }: RuleChange): RuleEntry[] =>
  desired === undefined
    ? []
    : [
        {
          id: hashOf(mark),
          after: desired.after && hashOf(desired.after),
          changed: true,
          chain: chainOf(desired),
          is: seen && !leavesChain({ seen, desired, mark }, seen) ? seen.rule : undefined,
          text: () => statement(desired, mark),
        },
      ];

/**
 * Returns the observed value of a rule's `after`: the declared predecessor if the rule follows it, directly or through rules in
 * other chains, and otherwise the previous rule in its chain. A rule that is declared as the first may have rules before it
 * that the program declares in another way.
 */
function afterOf(rule: NftRule, rules: readonly NftRule[]): string | undefined {
  const byHash = new Map(
    rules.flatMap((one) => (isOwn(one, rule) ? [[hashOf(String(markIn(one.comment))), one]] : [])),
  );
  const chain = rules.filter((one) => one.chain === rule.chain && isOwn(one, rule));
  const actual = chain[chain.indexOf(rule) - 1];
  const named = predecessorIn(rule.comment);
  if (named === undefined) return undefined;
  const declared = nameOf(byHash.get(named)?.comment) ?? named;
  const seen = new Set<NftRule>();
  for (let hash: string | undefined = named; hash !== undefined; ) {
    const before = byHash.get(hash);
    // A missing predecessor is restored before this rule.
    if (before === undefined || before === actual) return declared;
    if (seen.has(before) || before.chain === rule.chain) return nameOf(actual?.comment);
    seen.add(before);
    hash = predecessorIn(before.comment);
  }
  return nameOf(actual?.comment) ?? declared;
}

const isOwn = ({ comment }: NftRule, { comment: own }: NftRule): boolean =>
  isOfStack(markIn(comment), markIn(own) ?? "");

const ruleHandle = ({ chain, handle }: NftRule, table: string): string => `rule ${table} ${chain} handle ${handle}`;
