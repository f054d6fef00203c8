import { resource } from "./as-typed.ts";
import type { TraceContext } from "./packet.ts";
import { ruleText, sourceText } from "./rule-text.ts";
import { evaluateRules, type Ruleset } from "./rules.ts";
import type { Hop } from "./types.ts";

/**
 * Returns the help that follows the words "source NAT" for packets that a place sends on: the NatRule to add, or the one that decides about them
 * before any other.
 *
 * @param matches The conditions of the rule to add.
 */
export async function sourceNat(
  look: TraceContext,
  { place, in: cameIn, out }: Pick<Hop, "place" | "in" | "out">,
  { source, destination }: { readonly source: string; readonly destination: string },
  matches: Readonly<Record<string, string>>,
): Promise<string> {
  const { rulesOf, family, protocol } = look;
  const rules = await rulesOf(place);
  const { exemptedBy } = evaluateRules(rules, "postrouting", "nat", {
    ...{ tables: "ip", family: family === "inet" ? "ip" : "ip6", protocol, source, destination, answer: false },
    ...{ in: cameIn, out },
  });
  if (exemptedBy !== undefined)
    return `: correct ${exemptedBy}, which comes before others and leaves packets from ${source} to ${destination} as they are`;
  const others = unmatched(rules);
  const which = others.length === 0 ? "" : `, because these packets do not match its ${others.join(" and ")}`;
  return `${which}:\n  ${resource(look, "NatRule", { namespace: place, type: "masquerade", ...matches })}`;
}

/** Returns the rules of NatRules that translate the source of packets. */
const unmatched = (rules: Ruleset): string[] =>
  rules.flatMap(({ rule }) =>
    rule !== undefined &&
    rule.expr.some((part) => "masquerade" in part || "snat" in part) &&
    sourceText(rule, "") !== ""
      ? [ruleText(rule)]
      : [],
  );
