import * as v from "valibot";
import { type FilterRule, filterRule } from "../provider/kinds/filter-rule.ts";
import { hasUnknown } from "../provider/schema.ts";
import { keyOn, normalizeSysctlKey } from "../provider/sysctl-key.ts";
import { LAB_HOST } from "../provider/values.ts";
import { count, field, flag, isRecord, keyOf, listOf, needed, numberText, text, textOr, texts } from "./arguments.ts";
import { dhcpInterface } from "./dhcp-interface.ts";
import { hostNamesIn } from "./host-names.ts";
import type { Known } from "./known.ts";
import type { LinkTraits } from "./link-traits.ts";
import { inKey, matchedBy, matchIn, onInterfaces } from "./matches.ts";
import type { Fact, LinkFact } from "./model.ts";
import { natRuleIn } from "./nat-rules.ts";
import { neighborIn } from "./neighbors.ts";
import { hopsIn, membersIn, nextHopIn, referenceIn } from "./next-hops.ts";
import { MAIN_TABLE, routingRuleIn } from "./routing-rules.ts";
import { tunnelEnds } from "./tunnel.ts";

/** Reads the arguments of one resource. Missing or invalid arguments are reported at that resource and are unknown here. */
export type Reader = (args: unknown, name: string) => readonly Fact[];

export const namespace: Reader = (args, name) => [
  { is: "namespace", namespace: textOr(args, "name", name), layer: count(args, "layer") },
];

/** Returns the reader of a resource that is one link. */
export const link =
  (traits: LinkTraits): Reader =>
  (args, name) => [linkFact(traits, args, { name })];

/** Returns the reader of a resource that is two links, its arguments `a` and `b`, each the peer of the other. */
export const pair =
  (traits: LinkTraits): Reader =>
  (args) => {
    const end = (side: string) => linkFact(traits, endArgs(field(args, side)), { side, mtu: PAIR_MTU });
    const [a, b] = [end("a"), end("b")];
    return [a, b, { is: "pair", namespace: a.namespace, ends: [a.key, b.key] }];
  };

export const address: Reader = (args) => [
  {
    is: "address",
    namespace: text(args, "namespace"),
    interface: needed(text(args, "interface")),
    link: needed(keyOf(text(args, "namespace"), text(args, "interface"))),
    address: needed(text(args, "address")),
    peer: text(args, "peer"),
  },
  onInterfaces(args),
];

export const route: Reader = (args) => [
  ...hopsIn(args).map((hop, index) => ({
    is: index === 0 ? ("route" as const) : ("further hop" as const),
    namespace: text(args, "namespace"),
    destination: needed(text(args, "destination")),
    ...hop,
    table: count(args, "table", MAIN_TABLE),
    metric: count(args, "metric"),
    preferred: text(args, "source"),
    drops: dropsIn(args),
  })),
  onInterfaces(args),
  ...referenceIn(args),
];

export const nexthop: Reader = (args) => [nextHopIn(args), onInterfaces(args), ...membersIn(args)];

export const natRule: Reader = (args) => {
  const [at, type] = [text(args, "namespace"), needed(text(args, "type"))];
  const rest = [natRuleIn(args), matchIn(args, "inInterface", "outInterface")];
  if (type === "dnat") return [{ is: "destination NAT", namespace: at, target: text(args, "toAddress") }, ...rest];
  // A rule with `exclude` leaves the source of its packets as it is.
  if (type === "redirect" || flag(args, "exclude", false) === true) return [{ is: "other", namespace: at }, ...rest];
  const [from, to, sources] = [texts(args, "inInterface"), texts(args, "outInterface"), texts(args, "source")];
  // Packets that leave as they came (hairpin NAT) are on no way from one network to another.
  const isHairpin = from.length === 1 && to.length === 1 && typeof from[0] === "string" && from[0] === to[0];
  if (isHairpin) return [{ is: "other", namespace: at }, ...rest];
  return [
    {
      ...{ is: "source NAT", namespace: at },
      sources: type === null ? [null] : sources.length === 0 ? undefined : sources,
      outs: to.length === 0 ? undefined : to.map((name) => needed(keyOf(at, name))),
    },
    ...rest,
  ];
};

export const filterChain: Reader = (args) => {
  const [at, rules] = [text(args, "namespace"), filterRules(field(args, "rules"))];
  return [
    {
      is: "filter",
      namespace: at,
      chain: needed(text(args, "chain")),
      policy: textOr(args, "policy", "accept"),
      rules,
    },
    matchedBy(args, rules),
  ];
};

export const sysctl: Reader = (args) => {
  const [given, on] = [text(args, "key"), text(args, "interface")];
  const key = typeof given === "string" ? (normalizeSysctlKey(given) ?? given) : null;
  return [
    {
      is: "sysctl",
      namespace: text(args, "namespace"),
      key: key === null || on === undefined ? key : on === null ? null : keyOn(key, on),
      value: needed(text(args, "value") ?? numberText(args, "value")),
    },
    inKey(args, key),
  ];
};

/** Reads only the place of a resource. */
const other: Reader = (args) => [{ is: "other", namespace: text(args, "namespace") }];

/** Reads the place of an object on an interface, and the name of the interface. */
export const onInterface: Reader = (args, name) => [...other(args, name), onInterfaces(args)];

export const neighbor: Reader = (args, name) => [...onInterface(args, name), ...neighborIn(args)];

export const hostNames: Reader = (args) => [hostNamesIn(args)];

export const program: Reader = (args) => {
  const at = text(args, "namespace");
  const leased = keyOf(at, dhcpInterface(listOf(args, "command") ?? []));
  return [{ is: "program", namespace: at, makes: listOf(args, "interfaces"), leased }];
};

/** Reads a rule that selects another routing table. */
export const routingRule: Reader = (args) => [routingRuleIn(args), matchIn(args, "iif", "oif")];

/** Reads a resource of a kind that is not in the table. */
export const unread: Reader = (args) => [{ is: "unread", namespace: text(args, "namespace") }];

/** Returns whether a route drops the packets to its destination. */
function dropsIn(args: unknown): Known<boolean> {
  const type = textOr(args, "type", "unicast");
  return type === null ? null : type !== "unicast";
}

/** The MTU of a veth end if the program sets none. */
const PAIR_MTU = 1500;

function linkFact(
  traits: LinkTraits,
  args: unknown,
  usual: { readonly name?: string; readonly side?: string; readonly mtu?: number },
): LinkFact {
  const { on, lan } = traits;
  const at = text(args, "namespace");
  const underlay = traits.isTunnel ? underlayIn(args, at) : at;
  const name = usual.name === undefined ? needed(text(args, "name")) : textOr(args, "name", usual.name);
  const own = isRecord(args) ? args : {};
  const { headers, usualMtu } = traits;
  return {
    is: "link",
    traits,
    side: usual.side,
    namespace: at,
    name,
    key: needed(keyOf(at, name)),
    master: keyOf(at, text(args, "master")),
    parent: traits.isTunnel
      ? keyOf(underlay, text(args, "dev"))
      : on && keyOf(text(args, on.namespace), text(args, on.link)),
    underlay,
    vlan: typeof lan === "object" ? needed(count(args, lan.vlan)) : undefined,
    mtu: count(args, "mtu", usual.mtu),
    usualMtu: usualMtu?.(own),
    up: flag(args, "up", true),
    stp: flag(args, "stp", false),
    forwardDelay: count(args, "forwardDelay"),
    vlanFiltering: flag(args, "vlanFiltering", false),
    vlans: listOf(field(args, "port") ?? {}, "vlans"),
    ownVlans: listOf(args, "vlans"),
    defaultVlan: count(args, "vlanDefaultPvid", 1) ?? null,
    tunnel: headers === undefined ? undefined : tunnelEnds(own, typeof headers === "function" ? headers(own) : headers),
    isolated: flag(field(args, "port") ?? {}, "isolated", false),
    addresses: texts(args, "addresses"),
    gateways: texts(args, "gateways"),
    destinations: traits.destinations?.(own) ?? [],
    args: own,
  };
}

/** Returns the place of a tunnel's underlay. */
function underlayIn(args: unknown, own: Known<string> | undefined): Known<string> | undefined {
  const given = text(args, "underlay");
  return given === undefined ? own : given === LAB_HOST ? undefined : given;
}

/** Returns the arguments of an end. If the whole end is unknown or secret, that is its name, and it has no other arguments. */
const endArgs = (end: unknown): unknown => (isRecord(end) ? end : { name: end ?? null });

/** Returns the rules of a filter chain. An unknown list becomes one unknown rule. */
function filterRules(value: unknown): readonly Known<FilterRule>[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [null]).map((one: unknown) => {
    const rule = v.safeParse(filterRule, one);
    return rule.success && !hasUnknown(rule.output) ? rule.output : null;
  });
}
