import { listRules, nft } from "../kernel/nft.ts";
import { claimed } from "../claims.ts";
import { type Kind, type Observed, place, type Transition } from "../kind.ts";
import { stackOf } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { changes, hasUnknown, isUnknown } from "../schema.ts";
import { impliedFamily, type NatArgs, natSchema } from "./nat-args.ts";
import { chainOf, definition, statement, stateOf, usualPriority } from "./nat-text.ts";

interface Seen extends Observed<NatArgs> {
  readonly namespace: string | undefined;
  readonly table: string;
  readonly chain: string;
  readonly handle: number;
  /** How many rules the table holds, with this one. */
  readonly rules: number;
}

export const natRule: Kind<NatArgs, Seen> = {
  type: "NatRule",
  schema: natSchema,
  proof: "mark",
  complete: (args) => ({
    ...args,
    family: hasUnknown(args) ? args.family : impliedFamily(args),
    priority: args.priority ?? (isUnknown(args.type) ? undefined : usualPriority(args.type)),
  }),
  // Two rules may say the same, so a rule is known by who made it.
  id: ({ namespace }, mark) => place(namespace, mark),
  claims: (args, mark) => claimed(`NAT rule ${natRule.id(args, mark)}`),
  serial: ({ namespace }) => `nat ${namespace}`,

  async observe(kernel, { namespace }, mark) {
    const table = tableOf(mark);
    const rules = await listRules(kernel, namespace, table);
    const found = rules.find((rule) => rule.comment === mark);
    if (found === undefined) return undefined;
    const { chain, handle } = found;
    return { state: stateOf(found, namespace), mark, namespace, table, chain, handle, rules: rules.length };
  },

  plan: (change) => planTogether([change]),
  planTogether,
};

type Change = Transition<NatArgs, Seen>;

/** One transaction: `nft` reads all rules for each that adds to a chain, or deletes. */
function planTogether(changes: readonly Change[]): Plan {
  const needed = changes.filter(isNeeded);
  const [first] = needed;
  if (first === undefined) return [];
  const chains = new Set(needed.flatMap(home));
  const run = nft((first.desired ?? first.seen)?.namespace, ...chains, ...needed.flatMap(entry), ...removals(needed));
  // Beside others, what is gone already would keep them from being done.
  return needed.length === 1 && first.desired === undefined ? [{ run, tolerate: ["absent"] }] : [{ run }];
}

function isNeeded({ seen, desired, mark }: Change): boolean {
  if (desired === undefined) return seen !== undefined;
  return seen?.state === undefined || seen.mark !== mark || changes(natSchema, seen.state, desired).length > 0;
}

/** What the rule that is desired is to be in. */
const home = ({ desired, mark }: Change): string[] =>
  desired === undefined
    ? []
    : [`add table inet ${tableOf(mark)}`, `add chain inet ${tableOf(mark)} ${chainOf(desired)} ${definition(desired)}`];

function entry(change: Change): string[] {
  const { seen, desired, mark } = change;
  if (desired === undefined) return [];
  const text = statement(desired, mark);
  return seen !== undefined && staysIn(change, seen)
    ? [`replace ${inNft(seen)} ${text}`]
    : [`add rule inet ${tableOf(mark)} ${chainOf(desired)} ${text}`];
}

const staysIn = ({ desired, mark }: Change, { table, chain }: Seen): boolean =>
  desired !== undefined && table === tableOf(mark) && chain === chainOf(desired);

function removals(changes: readonly Change[]): string[] {
  const leaving = changes.flatMap((change) =>
    change.seen === undefined || staysIn(change, change.seen) ? [] : [change.seen],
  );
  const isEmptied = ({ table, rules }: Seen) =>
    leaving.filter((other) => other.table === table).length === rules &&
    !changes.some(({ desired, mark }) => desired !== undefined && tableOf(mark) === table);
  return [...new Set(leaving.map((seen) => `delete ${isEmptied(seen) ? `table inet ${seen.table}` : inNft(seen)}`))];
}

/** Each stack has a table of its own, so that nothing in it is anybody else's and it can go with its last rule. */
export const tableOf = (mark: string): string => `pulumi-netns/${stackOf(mark)?.replace("@", "/")}`;

const inNft = ({ table, chain, handle }: Seen): string => `rule inet ${table} ${chain} handle ${handle}`;
