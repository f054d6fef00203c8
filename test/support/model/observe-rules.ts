import { inPlace } from "./damage.ts";
import { append, type Facts } from "./fact-names.ts";
import { filterText, policyText, ruleText } from "./fact-texts.ts";
import { OWN_STACK } from "./flat.ts";

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
    const ports = own.slice(0, -1).map((expr) => expr[0].match?.right);
    facts.set(`filter ${place} ${stackIn(table)} ${name}`, filterText({ policy, ports }));
  }
  const isFilter = (rule: any): boolean =>
    filters.some((chain) => chain.table === rule.table && chain.name === rule.chain);
  const isOfOthers = (rule: any): boolean => !isFilter(rule) && !/^pulumi-netns:/.test(rule.comment ?? "");
  const rules = items.flatMap(({ rule }) => rule ?? []);
  for (const rule of rules.filter((one) => !isFilter(one))) {
    const where = `${place} ${stackIn(rule.table)} ${rule.chain}`;
    append(facts, `${isOfOthers(rule) ? OTHERS : "rules "}${where}`, sayRule(rule.expr));
  }
  for (const { table } of items) {
    // A table stays as long as it has rules of others.
    const within = rules.filter((rule) => rule.table === table?.name);
    const isLeft = within.length > 0 && within.every(isOfOthers);
    if (table !== undefined && !isLeft) append(facts, `tables ${place}`, stackIn(table.name));
  }
}

/** The beginning of the name of a fact with the rules of others in the table of a stack. */
const OTHERS = "others ";

/** Returns the rules of others in the tables of stacks. */
export const rulesOfOthers = (facts: Facts): string[] =>
  [...facts].filter(([fact]) => fact.startsWith(OTHERS)).map(([fact, text]) => `${fact}: ${text}`);

/** Returns the commands that delete the tables of stacks with rules of others. */
export const deletionsOfOthers = (facts: Facts): string[][] =>
  [...facts.keys()]
    .filter((fact) => fact.startsWith(OTHERS))
    .map((fact) => {
      const [, place = "", stack = ""] = fact.split(" ");
      const at = place === OWN_STACK ? undefined : place;
      return inPlace(at, "nft", "delete", "table", "inet", `pulumi-netns/${stack}`);
    });

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
