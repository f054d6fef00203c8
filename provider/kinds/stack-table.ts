import type { NftRule, NftTable } from "../kernel/tools/nft.ts";
import { stackNameOf } from "../owner.ts";
import { isNatChain } from "./nat-text.ts";

/*
 * The nft table of a stack, which contains its NAT rules and filter chains. It is deleted with the last of them, unless it contains
 * chains, rules or sets that others have added.
 */

/** Returns the name of the table of a mark's stack. */
export const tableOf = (mark: string): string => `${PREFIX}${stackNameOf(mark)}`;

/** Returns whether a table belongs to a stack. */
export const isStackTable = (table: string): boolean => table.startsWith(PREFIX);

/** Returns the lock for changes of the tables in a place: which change deletes the table depends on all others. */
export const tableLock = ({ namespace }: { readonly namespace?: string | undefined }): string => `nft ${namespace}`;

/** What a deletion leaves alone, beside what is not the stack's. */
interface Around {
  /** The filter chain that is deleted, whatever rules it has. */
  readonly chain?: string;
  /** The chains that get rules in the same transaction. */
  readonly kept?: ReadonlySet<string>;
}

/** Returns lines that delete rules of a stack's table, the chains of NAT rules that are then without rules, and the table if nothing is left. */
export function deletionLines(
  table: string,
  { chains, rules, others }: NftTable,
  isLeaving: (rule: NftRule) => boolean,
  { chain: own, kept = new Set() }: Around,
): string[] {
  const left = rules.filter((rule) => !isLeaving(rule));
  const emptied = chains
    .filter((chain) => chain.name === own || isNatChain(chain))
    .map(({ name }) => name)
    .filter((name) => !kept.has(name) && !left.some(({ chain }) => chain === name));
  if (left.length + others.length + kept.size === 0 && emptied.length === chains.length)
    return [`delete table inet ${table}`];
  return [
    ...rules
      .filter((rule) => isLeaving(rule) && !emptied.includes(rule.chain))
      .map(({ chain, handle }) => `delete rule inet ${table} ${chain} handle ${handle}`),
    ...emptied.map((name) => `delete chain inet ${table} ${name}`),
  ];
}

const PREFIX = "pulumi-netns/";
