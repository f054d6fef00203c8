import * as v from "valibot";
import { type FilterRule, filterRule } from "../provider/kinds/filter-rule.ts";
import { impliedFamily } from "../provider/kinds/packet-match.ts";
import { hasUnknown } from "../provider/schema.ts";
import { field, text, texts } from "./arguments.ts";
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
  /** A filter rule that matches the packets after they have got another destination address; undefined if they keep theirs. */
  readonly translated: FilterRule | undefined;
  /** The addresses that the rule adds to those of its namespace; undefined if it adds none. */
  readonly outer: OuterAddresses | undefined;
  /** What happens to the packets, as a text. */
  readonly effect: string;
  /** Whether the rule excludes packets from translation. */
  readonly isException: boolean;
  /** Whether the rule is after those that the program declares before it. */
  readonly isOrdered: boolean;
}

/** The addresses to which packets arrive that a rule translates: those to the destination, or the answers to those with the new source. */
export interface OuterAddresses {
  /** The argument that has them. */
  readonly argument: "destination" | "toAddress";
  /** Each is an address, a network or a range of addresses. */
  readonly addresses: readonly string[];
  /** The interfaces through which the packets arrive; undefined for any. */
  readonly links: readonly string[] | undefined;
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
  if (Object.values(args).flat().includes(null)) return null;
  const { type, priority = "usual" } = args;
  const given = Object.fromEntries(
    Object.entries(args).filter(([key, value]) => MATCHES.includes(key) && value !== undefined),
  );
  const matching = (more: object = {}) =>
    v.safeParse(filterRule, { ...given, family: impliedFamily(args), action: "accept", ...more });
  const match = matching();
  if (!match.success || hasUnknown(match.output)) return null;
  const { toAddress, toPort = given.destinationPort, exclude } = args;
  const isMoved = type === "dnat" && exclude !== true && toAddress !== undefined;
  const translated = isMoved
    ? matching({ destination: toAddress, ...(toPort !== undefined && { destinationPort: toPort }) })
    : undefined;
  return {
    chain: `${type === "dnat" || type === "redirect" ? "prerouting" : "postrouting"} ${String(priority)}`,
    match: match.output,
    translated: translated?.success ? translated.output : undefined,
    outer: outerIn(args),
    effect: JSON.stringify(EFFECTS.map((key) => args[key] ?? false)),
    isException: exclude === true,
    isOrdered: args.after !== undefined,
  };
}

/** Returns the addresses that a rule adds, from arguments that are known. */
function outerIn(args: Readonly<Record<string, unknown>>): OuterAddresses | undefined {
  const { type, exclude } = args;
  const isArriving = type === "dnat" || type === "redirect";
  const argument = isArriving ? "destination" : "toAddress";
  const addresses = knownTexts(args, argument);
  const links = knownTexts(args, isArriving ? "inInterface" : "outInterface");
  if (exclude === true || addresses.length === 0) return undefined;
  return { argument, addresses, links: links.length === 0 ? undefined : links };
}

const knownTexts = (args: object, key: string): readonly string[] => texts(args, key).flatMap((one) => one ?? []);
