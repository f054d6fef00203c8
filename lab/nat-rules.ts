import * as v from "valibot";
import { type FilterRule, filterRule } from "../provider/kinds/filter-rule.ts";
import { impliedFamily } from "../provider/kinds/nat-args.ts";
import { hasUnknown } from "../provider/schema.ts";
import { field, text } from "./arguments.ts";
import type { Known } from "./known.ts";

/** A rule of a NAT chain. */
export interface NatRuleFact {
  readonly is: "NAT rule";
  /** The namespace; undefined for the lab host. */
  readonly namespace: Known<string> | undefined;
  readonly nat: Known<NatMatch>;
}

/** Which packets a NAT rule decides, and how. */
export interface NatMatch {
  /** The hook and the priority of its chain. */
  readonly chain: string;
  /** A filter rule that matches the same packets and decides them. */
  readonly match: FilterRule;
  /** What happens to the packets, as a text. */
  readonly effect: string;
  /** Whether the rule is after those that the program declares before it. */
  readonly isOrdered: boolean;
}

/** Reads a rule of a NAT chain. */
export const natRuleIn = (args: unknown): NatRuleFact => ({
  is: "NAT rule",
  namespace: text(args, "namespace"),
  nat: natIn(Object.fromEntries(ARGUMENTS.map((key) => [key, field(args, key)]))),
});

const MATCHES = [
  ...["source", "destination", "protocol", "sourcePort", "destinationPort", "inInterface", "outInterface"],
  "family",
];
const EFFECTS = ["type", "toAddress", "toPort", "exclude"];
const ARGUMENTS = [...MATCHES, ...EFFECTS, "priority", "after"];

function natIn(args: Readonly<Record<string, unknown>>): Known<NatMatch> {
  if (Object.values(args).includes(null)) return null;
  const { type, priority = "usual", after } = args;
  const given = Object.fromEntries(
    Object.entries(args).filter(([key, value]) => MATCHES.includes(key) && value !== undefined),
  );
  const match = v.safeParse(filterRule, { ...given, family: impliedFamily(args), action: "accept" });
  if (!match.success || hasUnknown(match.output)) return null;
  return {
    chain: `${type === "dnat" || type === "redirect" ? "prerouting" : "postrouting"} ${String(priority)}`,
    match: match.output,
    effect: JSON.stringify(EFFECTS.map((key) => args[key] ?? false)),
    isOrdered: after !== undefined,
  };
}
