import type { Family } from "../provider/cidr.ts";
import type { KernelClient } from "../provider/kernel/kernel.ts";
import { type BaseChain, listChains, type NftRule, showRuleTexts, showTable } from "../provider/kernel/tools/nft.ts";
import { chainMarkIn, isFilterChain } from "../provider/kinds/filter-chain.ts";
import { isNatChain, markIn, POLICY } from "../provider/kinds/nat-text.ts";
import { isStackTable } from "../provider/kinds/stack-table.ts";
import { inParallel } from "./parallel.ts";

/** An nft table that is of no stack, or a chain or a rule that is of no resource in the table of a stack. */
export interface UndeclaredNft {
  readonly what: "nft table" | "nft chain" | "nft rule";
  /** Its family; undefined if it may concern packets of both. */
  readonly family: Family | undefined;
  /** The object as `nft` names it. */
  readonly text: string;
}

/**
 * Returns the nft tables of a namespace that are of no stack, and what no resource has made in the tables of stacks.
 *
 * @param isDeclared Returns whether a FilterChain of the state has a chain of this name. One that was emptied by hand has no mark.
 */
export async function undeclaredNft(
  kernel: KernelClient,
  namespace: string,
  isDeclared: (chain: string) => boolean,
): Promise<UndeclaredNft[]> {
  const chains = await listChains(kernel, namespace);
  const tables = [...new Set(chains.map(({ family, table }) => `${family} ${table}`))].map((text) => {
    const [family = "", table = ""] = text.split(" ");
    return { family, table, text };
  });
  const found = await inParallel(tables, async ({ family, table, text }): Promise<UndeclaredNft[]> => {
    if (family !== "inet" || !isStackTable(table)) return [{ what: "nft table", family: FAMILIES[family], text }];
    const content = await showTable(kernel, namespace, table);
    const inChains = await inParallel(content.chains, async (chain): Promise<UndeclaredNft[]> => {
      const rules = content.rules.filter((rule) => rule.chain === chain.name);
      if (isMadeByHand(chain, rules, isDeclared))
        return [{ what: "nft chain", family: undefined, text: `${text} ${chain.name}` }];
      return isNatChain(chain) ? rulesOfOthers(kernel, namespace, chain, rules) : [];
    });
    return inChains.flat();
  });
  return found.flat();
}

/** The families of tables for one family; the others have packets of both, or frames. */
const FAMILIES: Readonly<Record<string, Family>> = { ip: "inet", ip6: "inet6" };

/** Returns whether a chain in the table of a stack was made by hand. Rules of others in a filter chain are drift of its FilterChain. */
function isMadeByHand(chain: BaseChain, rules: readonly NftRule[], isDeclared: (chain: string) => boolean): boolean {
  // The policy of a chain with a NatRule is drift of that.
  if (isNatChain(chain)) return chain.policy !== POLICY && !rules.some(isOfNatRule);
  const isMarked = rules.some(({ comment }) => chainMarkIn(comment) !== undefined);
  return !(isFilterChain(chain) && (isMarked || isDeclared(chain.name)));
}

const isOfNatRule = ({ comment }: NftRule): boolean => markIn(comment) !== undefined;

async function rulesOfOthers(
  kernel: KernelClient,
  namespace: string,
  { family, table, name }: BaseChain,
  rules: readonly NftRule[],
): Promise<UndeclaredNft[]> {
  const others = rules.filter((rule) => !isOfNatRule(rule));
  if (others.length === 0) return [];
  const texts = await showRuleTexts(kernel, namespace, table, name);
  return others.map(({ handle }) => ({
    what: "nft rule",
    family: undefined,
    text: `${family} ${table} ${name} ${texts.get(handle) ?? `handle ${handle}`}`,
  }));
}
