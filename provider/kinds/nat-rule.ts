import { exclusiveClaims } from "../claims.ts";
import { listTable, type NftRule, type NftTable, nft } from "../kernel/tools/nft.ts";
import { type Kind, placeId } from "../kind.ts";
import type { Plan } from "../plan.ts";
import { changes, hasUnknown, isUnknown } from "../schema.ts";
import { deleteFlows, staleFlowWarning } from "./conntrack.ts";
import { foreignNatChains } from "./foreign-nat.ts";
import { type NatArgs, natSchema } from "./nat-args.ts";
import {
  afterOf,
  arrangeRules,
  leavesChain,
  type ObservedNatRule,
  type RuleChange,
  withoutCopies,
} from "./nat-order.ts";
import { chainOf, definition, hashOf, markIn, POLICY, predecessorIn, stateOf, usualPriority } from "./nat-text.ts";
import { impliedFamily } from "./packet-match.ts";
import { deletionLines, tableLock, tableOf } from "./stack-table.ts";

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

  async observe(kernel, { namespace, after: wanted }, mark, next = mark) {
    const [table, home] = [tableOf(mark), tableOf(next)];
    const there = await listTable(kernel, namespace, table);
    // A renamed stack has a different table.
    const here = home === table ? there : await listTable(kernel, namespace, home);
    const rules = withoutCopies(here.rules);
    if (there.rules.length + rules.length === 0) return undefined;
    // A run whose state was lost may have changed the mark already.
    const former = there.rules.find(({ comment }) => markIn(comment) === mark);
    const rule = former ?? rules.find(({ comment }) => markIn(comment) === next);
    const [found, around] = former === undefined ? [next, here] : [mark, there];
    const state = rule && stateOf(rule, namespace);
    const copies = around.rules.filter((one) => one !== rule && markIn(one.comment) === found);
    const after = rule && afterOf(rule, withoutCopies(around.rules), wanted);
    const policy = rule && changedPolicy(rule, around);
    return {
      namespace,
      table: tableOf(found),
      rule,
      rules,
      around,
      ...(copies.length > 0 && { copies }),
      mark: found,
      state: state && {
        ...{ ...state, ...(after && { after }), ...(policy && { policy }) },
        ...(copies.length > 0 && { copies: String(copies.length) }),
      },
    };
  },

  async replacesEqual(kernel, { after: _, ...args }) {
    const chains = await foreignNatChains(kernel, args.namespace);
    const [equal] = chains.flatMap(({ name, rules }) =>
      rules
        .filter(({ state }) => state !== undefined && changes(natSchema, state, args).length === 0)
        .map(({ handle }) => `delete rule ${name} handle ${handle}`),
    );
    return equal === undefined ? [] : [equal];
  },

  plan: (change) => planBatch([change]),
  planBatch,
  warnLeftover: (kernel, { namespace }) => staleFlowWarning(kernel, namespace),
};

/** Returns the policy of the chain of a rule; undefined for that of a new chain. */
const changedPolicy = (rule: NftRule, { chains }: NftTable): string | undefined =>
  chains.find(({ name, policy }) => name === rule.chain && policy !== POLICY)?.policy;

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

/** Returns lines that delete unwanted rules and copies, and rules that leave a table or chain; a table is deleted with its last rule. */
function deleteLines(needed: readonly RuleChange[]): string[] {
  const leaving = needed.flatMap(({ seen, ...change }) => {
    if (seen?.rule === undefined) return [];
    const gone = [...(leavesChain(change, seen) ? [seen.rule] : []), ...(seen.copies ?? [])];
    return gone.length === 0 ? [] : { ...seen, gone };
  });
  return [...Map.groupBy(leaving, ({ table }) => table)].flatMap(([table, [first, ...others]]) => {
    if (first === undefined) return [];
    const handles = new Set([first, ...others].flatMap(({ gone }) => gone.map(({ handle }) => handle)));
    const wanted = needed.filter(({ mark }) => tableOf(mark) === table);
    const kept = new Set(wanted.flatMap(({ desired }) => (desired === undefined ? [] : chainOf(desired))));
    return deletionLines(table, first.around, ({ handle }) => handles.has(handle), { kept });
  });
}
