import { listRules, nft } from "../kernel/nft.ts";
import { type Kind, type Observed, place } from "../kind.ts";
import { stackOf } from "../owner.ts";
import { changes, hasUnknown, isUnknown } from "../schema.ts";
import { impliedFamily, type NatArgs, natSchema } from "./nat-args.ts";
import { chainOf, definition, statement, stateOf, usualPriority } from "./nat-text.ts";

interface Seen extends Observed<NatArgs> {
  readonly namespace: string | undefined;
  readonly table: string;
  readonly chain: string;
  readonly handle: number;
  /** Whether the table holds nothing but this rule. */
  readonly alone: boolean;
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
  claims: (args, mark) => [`NAT rule ${natRule.id(args, mark)}`],
  serial: ({ namespace }) => `nat ${namespace}`,

  async observe(kernel, { namespace }, mark) {
    const table = tableOf(mark);
    const rules = await listRules(kernel, namespace, table);
    const found = rules.find((rule) => rule.comment === mark);
    if (found === undefined) return undefined;
    const { chain, handle } = found;
    return { state: stateOf(found, namespace), mark, namespace, table, chain, handle, alone: rules.length === 1 };
  },

  plan({ seen, desired, mark }) {
    if (desired === undefined) {
      return seen === undefined ? [] : [{ run: nft(seen.namespace, removal(seen)), tolerate: ["absent"] }];
    }
    if (seen?.state && seen.mark === mark && changes(natSchema, seen.state, desired).length === 0) return [];
    const [table, chain, text] = [tableOf(mark), chainOf(desired), statement(desired, mark)];
    const inPlace = seen?.table === table && seen.chain === chain;
    return [
      {
        run: nft(
          desired.namespace,
          `add table inet ${table}`,
          `add chain inet ${table} ${chain} ${definition(desired)}`,
          ...(inPlace ? [`replace ${inNft(seen)} ${text}`] : [`add rule inet ${table} ${chain} ${text}`]),
          ...(inPlace || seen === undefined ? [] : [removal({ ...seen, alone: seen.alone && seen.table !== table })]),
        ),
      },
    ];
  },
};

/** Each stack has a table of its own, so that nothing in it is anybody else's and it can go with its last rule. */
export const tableOf = (mark: string): string => `pulumi-netns/${stackOf(mark)}`;

const removal = (seen: Seen): string => `delete ${seen.alone ? `table inet ${seen.table}` : inNft(seen)}`;

const inNft = ({ table, chain, handle }: Seen): string => `rule inet ${table} ${chain} handle ${handle}`;
