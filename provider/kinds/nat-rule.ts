import { listRules, nft } from "../kernel/nft.ts";
import { type Kind, type Observed, place } from "../kind.ts";
import { stackOf } from "../owner.ts";
import { changes, hasUnknown, isUnknown } from "../schema.ts";
import { families, type NatArgs, natSchema } from "./nat-args.ts";
import { chainOf, definition, statement, stateOf, usualPriority } from "./nat-text.ts";

interface Seen extends Observed<NatArgs> {
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
    family: args.family ?? (hasUnknown(args) ? undefined : (families(args)[0]?.family ?? "inet")),
    priority: args.priority ?? (isUnknown(args.type) ? undefined : usualPriority(args.type)),
  }),
  // Two rules may say the same, so a rule is known by who made it.
  id: ({ namespace }, mark) => place(namespace, mark),
  claims: (args, mark) => [`NAT rule ${natRule.id(args, mark)}`],
  serial: ({ namespace }) => `nat ${namespace}`,

  async observe(kernel, { namespace }, mark) {
    const rules = await listRules(kernel, namespace, tableOf(mark));
    const found = rules.find((rule) => rule.comment === mark);
    if (found === undefined) return undefined;
    return {
      state: stateOf(found, namespace),
      mark: found.comment,
      chain: found.chain,
      handle: found.handle,
      alone: rules.length === 1,
    };
  },

  plan({ seen, desired, mark }) {
    const table = `inet ${tableOf(mark)}`;
    const old = seen && `rule ${table} ${seen.chain} handle ${seen.handle}`;
    if (desired === undefined) {
      if (seen === undefined) return [];
      return [
        {
          run: nft(seen.state?.namespace, seen.alone ? `delete table ${table}` : `delete ${old}`),
          tolerate: ["absent"],
        },
      ];
    }
    if (seen?.state && seen.mark === mark && changes(natSchema, seen.state, desired).length === 0) return [];
    const chain = chainOf(desired);
    const text = statement(desired, mark);
    return [
      {
        run: nft(
          desired.namespace,
          `add table ${table}`,
          `add chain ${table} ${chain} ${definition(desired)}`,
          ...(seen?.chain === chain
            ? [`replace ${old} ${text}`]
            : [...(seen === undefined ? [] : [`delete ${old}`]), `add rule ${table} ${chain} ${text}`]),
        ),
      },
    ];
  },
};

/** Each stack has a table of its own, so that nothing in it is anybody else's and it can go with its last rule. */
const tableOf = (mark: string): string => `pulumi-netns/${stackOf(mark)}`;
