import { chainMarkIn } from "../../provider/kinds/filter-chain.ts";
import { markIn } from "../../provider/kinds/nat-text.ts";
import { resourceOf } from "../../provider/owner.ts";

interface Rule {
  readonly handle: number;
  readonly comment?: string | undefined;
  /** The rule as nft displays it. */
  readonly text?: string | undefined;
}

/** Returns the NatRule whose mark a rule has, such as `NatRule hide`; for another rule the rule in words, with its chain. */
export function sourceText(rule: Rule, shown: string): string {
  const mark = markIn(rule.comment);
  return mark === undefined ? shown : (resourceNamed("NatRule", mark) ?? shown);
}

/** Returns a rule in words, with the NatRule whose mark it has. */
export function ruleText({ text, comment, handle }: Rule): string {
  const resource = resourceText("NatRule", markIn(comment));
  // The mark says no more than the resource.
  const said = resource === "" ? text : text?.replace(/ comment "[^"]*"$/, "");
  const named = comment === undefined ? `with handle ${handle}` : `"${comment}"`;
  return `rule ${said === undefined ? named : `\`${said}\``}${resource}`;
}

/**
 * Returns a chain in words, with the FilterChain that its last rule has the mark of.
 *
 * @param rules All rules of the chain.
 */
export function chainText(
  { family, table, name }: { readonly family: string; readonly table: string; readonly name: string },
  rules: readonly Rule[],
): string {
  const mark = rules.map(({ comment }) => chainMarkIn(comment)).find((one) => one !== undefined);
  return `chain ${name}${resourceText("FilterChain", mark)} in table ${family} ${table}`;
}

/** Returns the resource of a mark in brackets; empty if there is none. A mark has the beginning of a long name. */
function resourceText(type: string, mark: string | undefined): string {
  const named = mark === undefined ? undefined : resourceNamed(type, mark);
  return named === undefined ? "" : ` (${named})`;
}

function resourceNamed(type: string, mark: string): string | undefined {
  const name = resourceOf(mark);
  return name === undefined ? undefined : `${type} ${name}`;
}
