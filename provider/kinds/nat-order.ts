import type { NftRule, NftTable } from "../kernel/tools/nft.ts";
import type { Observed, Transition } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import { type LinkedRule, longestIncreasing, sortByLinks } from "../rule-order.ts";
import type { NatArgs } from "./nat-args.ts";
import { chainOf, hashOf, markIn, nameOf, predecessorIn, statement, stateOf } from "./nat-text.ts";
import { tableOf } from "./stack-table.ts";

export interface ObservedNatRule extends Observed<NatArgs> {
  readonly namespace: string | undefined;
  /** The rule; undefined if it does not exist yet. */
  readonly rule: NftRule | undefined;
  /** The table that the rule is in. */
  readonly table: string;
  /** Further rules with the mark of the rule, in its table; undefined if there are none. */
  readonly copies?: readonly NftRule[] | undefined;
  /** All rules of the table that the rule should be in, without copies, chain by chain, in the order in which they apply. */
  readonly rules: readonly NftRule[];
  /** The content of the table that the rule is in. */
  readonly around: NftTable;
}

/** A change of one rule. */
export type RuleChange = Transition<NatArgs, ObservedNatRule>;

/** Returns the commands that move the rules of a table to their positions, with as few moves as possible. */
export function arrangeRules(needed: readonly RuleChange[], rules: readonly NftRule[], table: string): string[] {
  const stays = rules.filter(({ handle }) => !needed.some(({ seen }) => seen?.rule?.handle === handle));
  const entries = [...stays.flatMap(unchangedEntries), ...needed.flatMap(changedEntries)];
  const positions = new Map(rules.map(({ handle }, index) => [handle, index]));
  const ordered = sortByLinks(
    entries.toSorted((left, right) => positionOf(left, positions) - positionOf(right, positions)),
  );
  const shared = new Set(rules.flatMap(({ chain, comment }) => (markIn(comment) === undefined ? [chain] : [])));
  return [...Map.groupBy(ordered, ({ chain }) => chain)].flatMap(([name, chain]) =>
    arrangeChain(chain, positions, { table, hasOthers: shared.has(name) }),
  );
}

/**
 * Returns the observed value of a rule's `after`: the declared predecessor if the rule follows it, directly or through rules in
 * other chains, and otherwise the previous rule in its chain. A rule that is declared as the first may have rules before it
 * that the program declares in another way.
 *
 * @param wanted The name of the declared predecessor. The comment of the rule has only its hash, and another rule may have the name.
 */
export function afterOf(rule: NftRule, rules: readonly NftRule[], wanted?: string): string | undefined {
  const byHash = new Map(
    rules.flatMap((one) => (isOwn(one, rule) ? [[hashOf(String(markIn(one.comment))), one]] : [])),
  );
  const chain = rules.filter((one) => one.chain === rule.chain && isOwn(one, rule));
  const actual = chain[chain.indexOf(rule) - 1];
  const named = predecessorIn(rule.comment);
  if (named === undefined) return undefined;
  const isWanted = wanted !== undefined && hashOf(wanted) === named;
  const declared = nameOf(byHash.get(named)?.comment) ?? (isWanted ? wanted : named);
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

/** Returns rules without those that have the mark of an earlier one. */
export const withoutCopies = (rules: readonly NftRule[]): NftRule[] => {
  const first = new Map(rules.toReversed().map((rule) => [markIn(rule.comment), rule]));
  return rules.filter((rule) => markIn(rule.comment) === undefined || first.get(markIn(rule.comment)) === rule);
};

/** Returns whether a change moves a rule out of its chain. */
export const leavesChain = ({ desired, mark }: Omit<RuleChange, "seen">, { table, rule }: ObservedNatRule): boolean =>
  desired === undefined || table !== tableOf(mark) || rule?.chain !== chainOf(desired);

/** Returns how nft names a rule. */
const ruleHandle = ({ chain, handle }: NftRule, table: string): string => `rule ${table} ${chain} handle ${handle}`;

/** A rule in the wanted table: an unchanged, changed or new one. */
interface RuleEntry extends LinkedRule {
  readonly changed: boolean;
  readonly chain: string;
  /** The existing rule; undefined for a new one. */
  readonly is: NftRule | undefined;
  /** Returns the rule's text in nft syntax; undefined for a rule that arguments cannot express, which is not moved. */
  readonly text: () => string | undefined;
}

/**
 * Returns the commands that move the rules of a chain to their positions.
 *
 * @param where The table of the chain, and whether the chain has rules of others as well.
 */
function arrangeChain(
  chain: readonly RuleEntry[],
  positions: ReadonlyMap<number, number>,
  { table, hasOthers }: { readonly table: string; readonly hasOthers: boolean },
): string[] {
  const here = chain.filter(({ is }) => is !== undefined);
  const row = longestIncreasing(here.map((entry) => positionOf(entry, positions)));
  const fixed = new Set(here.filter((_, index) => row.has(index)));
  const lines: string[] = [];
  let anchor: NftRule | undefined;
  let waiting: string[] = [];
  /** The lines that put the anchor in its new form right after it, before the rules that wait. */
  let successor: string[] = [];
  const outdated: string[] = [];
  for (const entry of chain) {
    const { is, text, changed, chain: name } = entry;
    if (is !== undefined && fixed.has(entry)) {
      lines.push(...insertAt(waiting, anchor, `${table} ${name}`), ...successor);
      [anchor, waiting, successor] = [is, [], []];
      const now = changed ? text() : undefined;
      if (now?.includes("{")) {
        // nft 1.0.6 aborts at the replacement of a rule by one with a set of networks or ranges.
        successor = insertAt([now], is, `${table} ${name}`);
        outdated.push(`delete ${ruleHandle(is, table)}`);
      } else if (now !== undefined) lines.push(`replace ${ruleHandle(is, table)} ${now}`);
      continue;
    }
    const moved = text();
    if (moved === undefined) continue;
    if (is !== undefined) lines.push(`delete ${ruleHandle(is, table)}`);
    waiting.push(moved);
  }
  const at = `${table} ${chain[0]?.chain}`;
  // After the last rule that is not moved, the rules are added in order. A rule of others, such as one that replaced a rule of the stack by
  // hand, comes after them: the first rule that matches decides.
  const last = hasOthers ? insertAt(waiting, anchor, at) : waiting.map((text) => `add rule ${at} ${text}`);
  // nft puts a rule after another one only as long as that exists.
  return [...lines, ...last, ...successor, ...outdated];
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
          is: seen && !leavesChain({ desired, mark }, seen) ? seen.rule : undefined,
          text: () => statement(desired, mark),
        },
      ];

const isOwn = ({ comment }: NftRule, { comment: own }: NftRule): boolean =>
  isOfStack(markIn(comment), markIn(own) ?? "");
