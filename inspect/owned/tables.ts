import type { Claim } from "../../provider/claims.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { type BaseChain, type NftRule, type NftTable, nft, showTable } from "../../provider/kernel/tools/nft.ts";
import type { FilterArgs } from "../../provider/kinds/filter-args.ts";
import { chainMarkIn, filterChain, isFilterChain } from "../../provider/kinds/filter-chain.ts";
import type { NatArgs } from "../../provider/kinds/nat-args.ts";
import { natRule } from "../../provider/kinds/nat-rule.ts";
import { isNatChain, markIn } from "../../provider/kinds/nat-text.ts";
import { tableOf } from "../../provider/kinds/stack-table.ts";
import { isOfStack } from "../../provider/owner.ts";
import type { OwnedThing } from "./types.ts";

/**
 * Returns the stack's nft table in a place; only the stack's rules and chains if the table contains others.
 *
 * @param isKnown Returns true for a rule or a chain to keep.
 */
export async function tablesIn(
  kernel: KernelClient,
  namespace: string | undefined,
  mark: string,
  isKnown: (claim: Claim) => boolean,
): Promise<OwnedThing[]> {
  const table = tableOf(mark);
  const content = await showTable(kernel, namespace, table);
  const { chains, rules, others } = content;
  if (chains.length === 0) return [];
  const isFree = (itsMark: string, claims: readonly Claim[]) => isOfStack(itsMark, mark) && !claims.some(isKnown);
  const ownChains = chains.flatMap((chain) => {
    if (chain.type !== "filter") return [];
    const claims = filterChain.claims({ namespace, chain: chain.hook, priority: chain.prio } as FilterArgs, mark);
    return isFree(filterMark(chain, content, mark), claims) ? [{ ...chain, claims }] : [];
  });
  const inFilters = (rule: NftRule) => chains.some(({ name, type }) => type === "filter" && name === rule.chain);
  const ownRules = rules.flatMap((rule) => {
    const itsMark = markIn(rule.comment) ?? "";
    const claims = natRule.claims({ namespace } as NatArgs, itsMark);
    return !inFilters(rule) && isFree(itsMark, claims) ? [{ ...rule, claims }] : [];
  });
  const stay = rules.filter((rule) => !inFilters(rule) && !ownRules.some(({ handle }) => handle === rule.handle));
  const remove = (what: string) => [{ run: nft(namespace, `delete ${what}`), tolerate: ["absent"] as const }];
  const isOwn = (chain: BaseChain) => isNatChain(chain) || ownChains.some(({ name }) => name === chain.name);
  if (stay.length + others.length === 0 && chains.every(isOwn)) {
    const name = `inet ${table}`;
    return [{ what: "nft table", namespace, name, claims: [], removal: remove(`table ${name}`) }];
  }
  // The delete of its last rule leaves a chain without rules.
  const emptied = chains.filter((chain) => isNatChain(chain) && isIn(chain, ownRules) && !isIn(chain, stay));
  const chainOf = ({ name }: BaseChain, claims: readonly Claim[]): OwnedThing => ({
    ...{ what: "nft chain", namespace, name: `${table} ${name}`, claims },
    removal: remove(`chain inet ${table} ${name}`),
  });
  return [
    ...ownChains.map((chain) => chainOf(chain, chain.claims)),
    ...ownRules.map(({ chain, handle, comment = "", claims }) => ({
      ...{ what: "nft rule" as const, namespace, name: comment, claims },
      removal: remove(`rule inet ${table} ${chain} handle ${handle}`),
    })),
    ...emptied.map((chain) => chainOf(chain, [])),
  ];
}

/** Returns the mark of a filter chain; empty if it was made by hand. One that was emptied by hand has no mark, but the table is the stack's. */
function filterMark(chain: BaseChain, { rules }: NftTable, mark: string): string {
  const [found] = rules
    .filter((rule) => rule.chain === chain.name)
    .flatMap(({ comment }) => chainMarkIn(comment) ?? []);
  return found ?? (isFilterChain(chain) ? mark : "");
}

const isIn = ({ name }: BaseChain, rules: readonly NftRule[]): boolean => rules.some(({ chain }) => chain === name);
