import * as v from "valibot";
import { asNetwork, type Family, familyOf } from "../cidr.ts";
import { tableNumber } from "../kernel/tools/ip.ts";
import type { RuleEntry } from "../kernel/tools/rule.ts";
import { type RoutingRuleArgs, routingRuleSchema } from "./routing-rule-args.ts";

/** Returns the family of a rule: that of its addresses, or the given one, or IPv4. */
export const ruleFamily = ({ family, from, to }: RoutingRuleArgs): Family => family ?? familyOf(from ?? to ?? "");

/** Returns all that a rule says, as words of `ip rule add` and `ip rule delete`. */
export const ruleWords = (args: Parts): string[] => [
  ...["priority", String(args.priority)],
  ...(args.not ? ["not"] : []),
  ...said("from", args.from),
  ...said("to", args.to),
  ...said("iif", args.iif),
  ...said("oif", args.oif),
  ...said("fwmark", args.fwmask === undefined ? args.fwmark : `${args.fwmark}/${args.fwmask}`),
  ...said("ipproto", args.ipproto === "icmpv6" ? "ipv6-icmp" : args.ipproto),
  ...said("sport", args.sport),
  ...said("dport", args.dport),
  ...said("uidrange", args.uidrange),
  ...(args.type === "unicast" ? said("lookup", args.table) : [args.type]),
  ...said("suppress_prefixlength", args.suppressPrefixlength),
];

/**
 * Returns whether the kernel takes a rule for equal to another one that is to be added: it compares only the selectors that the other one
 * has, and not the inversion.
 */
export const isCovered = (rule: RoutingRuleArgs, by: RoutingRuleArgs): boolean =>
  ruleFamily(rule) === ruleFamily(by) &&
  SAME.every((name) => rule[name] === by[name]) &&
  SELECTORS.every((name) => by[name] === undefined || rule[name] === by[name]);

const SAME = ["namespace", "priority", "type", "table"] as const;
const SELECTORS = [
  ...(["from", "to", "iif", "oif", "fwmark", "fwmask", "ipproto", "sport", "dport", "uidrange"] as const),
  "suppressPrefixlength",
] as const;

/** Returns a rule of the kernel in terms of arguments; undefined if arguments cannot express it. */
export function ruleState(
  entry: RuleEntry,
  { namespace, family }: Pick<RoutingRuleArgs, "namespace" | "family">,
): RoutingRuleArgs | undefined {
  if (otherWords(entry).length > 0) return undefined;
  const state = v.safeParse(routingRuleSchema, given({ namespace, family, ...partsOf(entry) }));
  return state.success ? state.output : undefined;
}

/** Returns all that a rule of the kernel says, as words of `ip rule`, also if arguments cannot express it. */
export const entryWords = (entry: RuleEntry): string[] => [...ruleWords(partsOf(entry)), ...otherWords(entry)];

/** The parts of a rule that arguments express; some of their values may be others than those of arguments. */
type Parts = Omit<RoutingRuleArgs, "namespace" | "family" | "type" | "ipproto"> & {
  readonly type: string;
  readonly ipproto?: string | undefined;
};

const partsOf = (entry: RuleEntry): Parts => ({
  priority: entry.priority,
  not: entry.not === null,
  from: entry.src === "all" ? undefined : network(entry.src, entry.srclen),
  to: network(entry.dst, entry.dstlen),
  ...{ iif: entry.iif, oif: entry.oif },
  fwmark: entry.fwmark === undefined ? undefined : Number(entry.fwmark),
  fwmask: entry.fwmask === undefined ? undefined : Number(entry.fwmask),
  ipproto: entry.ipproto === "ipv6-icmp" ? "icmpv6" : entry.ipproto,
  sport: entry.sport ?? range(entry.sport_start, entry.sport_end),
  dport: entry.dport ?? range(entry.dport_start, entry.dport_end),
  uidrange: range(entry.uid_start, entry.uid_end),
  type: entry.action ?? "unicast",
  table: entry.table === undefined ? undefined : tableNumber(entry.table),
  suppressPrefixlength: entry.suppress_prefixlen,
});

/** Returns the words of the parts of a rule that arguments do not express. */
const otherWords = ({ goto, nop, l3mdev, tos, suppress_ifgroup }: RuleEntry): string[] => [
  ...said("tos", tos),
  ...(l3mdev === undefined ? [] : ["l3mdev"]),
  ...said("suppress_ifgroup", suppress_ifgroup),
  ...said("goto", goto),
  ...(nop === undefined ? [] : ["nop"]),
];

const said = (word: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [word, String(value)];

const network = (address: string | undefined, length: number | undefined): string | undefined =>
  address && (length === undefined ? asNetwork(address) : `${address}/${length}`);

const range = (from: number | undefined, to: number | undefined): string | undefined =>
  from === undefined ? undefined : `${from}-${to}`;

const given = (values: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
