import { append } from "./fact-names.ts";
import { filterText, policyText, ruleText } from "./fact-texts.ts";

/** Reads the rules of policy routing of a place, as `ip` shows them. */
export function readPolicies(place: string, policies: any[], facts: Map<string, string>): void {
  const texts = policies
    .filter(({ protocol }) => protocol !== "kernel")
    .map(({ priority, src, srclen, table, protocol }) =>
      [
        policyText({ priority, from: `${src}/${srclen}`, table }),
        ...(protocol === "201" ? [] : ["protocol", protocol]),
      ].join(" "),
    );
  if (texts.length > 0) facts.set(`policy ${place}`, texts.sort().join("\n"));
}

/** Reads the NAT rules and the filter chains of a place, as `nft` shows them. */
export function readRules(place: string, items: any[], facts: Map<string, string>): void {
  const filters = items.flatMap(({ chain }) => (chain?.type === "filter" ? [chain] : []));
  for (const { table, name, policy } of filters) {
    const own = items.flatMap(({ rule }) => (rule?.table === table && rule.chain === name ? [rule.expr] : []));
    // The last rule, which only counts, has the mark.
    const ports = own.slice(0, -1).map((expr) => expr[0].match.right);
    facts.set(`filter ${place} ${stackIn(table)} ${name}`, filterText({ policy, ports }));
  }
  for (const { table, rule } of items) {
    if (table !== undefined) append(facts, `tables ${place}`, stackIn(table.name));
    if (filters.some((chain) => chain.table === rule?.table && chain.name === rule.chain)) continue;
    if (rule !== undefined) append(facts, `rules ${place} ${stackIn(rule.table)} ${rule.chain}`, sayRule(rule.expr));
  }
}

/** Returns the stack of a table. */
const stackIn = (table: string): string => table.replace(/^pulumi-netns\//, "");

const sayValue = (value: any): string =>
  typeof value === "object" ? `${value.prefix.addr}/${value.prefix.len}` : value;

function sayRule(expr: any[]): string {
  const match = (field: string): string | undefined => {
    const found = expr.find(({ match }) => match?.left.payload?.field === field || match?.left.meta?.key === field)
      ?.match.right;
    return found === undefined ? undefined : (found.set ?? [found]).map(sayValue).join(",");
  };
  const verdict = expr.find((one) => "masquerade" in one || "snat" in one || "dnat" in one) ?? {};
  return ruleText({
    type: Object.keys(verdict as object)[0] as "masquerade",
    source: match("saddr"),
    destination: match("daddr"),
    outInterface: match("oifname"),
  });
}
