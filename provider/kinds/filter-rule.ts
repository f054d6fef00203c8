import * as v from "valibot";
import { mergeNetworks } from "../address-ranges.ts";
import { familyOf } from "../cidr.ts";
import { formatValue } from "../format-value.ts";
import { type args, field, group, hasUnknown, isUnknown, rule } from "../schema.ts";
import { inOrderOf, mergePorts, several, sorted, valuesOf } from "../several.ts";
import { text } from "../value.ts";
import { flag, hostOrNetwork, integer, interfacePattern, oneOf, ports } from "../values.ts";
import { limit, logPrefix, protocol } from "./filter-values.ts";
import { CT_STATES, ICMP_TYPES, ICMP_TYPES_OF, protocolNumber } from "./filter-words.ts";

const entries = {
  action: field(oneOf(["accept", "drop", "reject", "return", "continue"])),
  rejectWith: v.optional(field(oneOf(["port-unreachable", "admin-prohibited", "host-unreachable", "tcp reset"]))),
  family: v.optional(field(oneOf(["ip", "ip6", "inet"]))),
  source: v.optional(field(several(hostOrNetwork(), mergeNetworks))),
  destination: v.optional(field(several(hostOrNetwork(), mergeNetworks))),
  protocol: v.optional(field(several(protocol(), sorted(protocolNumber)))),
  sourcePort: v.optional(field(several(ports(), mergePorts))),
  destinationPort: v.optional(field(several(ports(), mergePorts))),
  icmpType: v.optional(field(several(oneOf(ICMP_TYPES), inOrderOf(ICMP_TYPES)))),
  inInterface: v.optional(field(several(interfacePattern(), sorted<string>(String)))),
  outInterface: v.optional(field(several(interfacePattern(), sorted<string>(String)))),
  ctState: v.optional(field(several(oneOf(CT_STATES), inOrderOf(CT_STATES)))),
  mark: v.optional(field(integer("a packet mark", 0, 4_294_967_295, 16))),
  limit: v.optional(field(limit())),
  counter: v.optional(field(flag())),
  log: v.optional(field(logPrefix())),
  nft: v.optional(field(observedOnly(), { setBySdk: true })),
};

/** A rule of a filter chain. */
export type FilterRule = v.InferOutput<ReturnType<typeof args<typeof entries>>>;

const rejectsWith = rule<FilterRule, "action" | "rejectWith">(["action", "rejectWith"], ({ action, rejectWith }) =>
  rejectWith !== undefined && action !== "reject"
    ? { at: "rejectWith", why: `"${action}" sends no answer; use action: "reject"` }
    : undefined,
);

const resetsTcp = rule<FilterRule, "rejectWith" | "protocol">(["rejectWith", "protocol"], ({ rejectWith, protocol }) =>
  rejectWith === "tcp reset" && protocol !== "tcp"
    ? { at: "rejectWith", why: `"tcp reset" answers TCP packets only; set protocol to "tcp"` }
    : undefined,
);

const hasEffect = rule<FilterRule, "action" | "log" | "counter">(
  ["action", "log", "counter"],
  ({ action, log, counter }) =>
    action === "continue" && log === undefined && counter !== true
      ? { at: "action", why: `"continue" has no effect without log or counter` }
      : undefined,
);

const hasPorts = (at: "sourcePort" | "destinationPort") =>
  rule<FilterRule, "protocol" | typeof at>(["protocol", at], ({ protocol, ...given }) => {
    const protocols = valuesOf(protocol);
    const have = protocols.every((one) => isUnknown(one) || one === "tcp" || one === "udp" || one === "sctp");
    return given[at] === undefined || (have && protocols.length > 0)
      ? undefined
      : {
          at,
          why: `a port, here ${formatValue(given[at])}, requires protocols with ports: set protocol to "tcp", "udp" or "sctp", or a list of these`,
        };
  });

const hasIcmpTypes = rule<FilterRule, "protocol" | "icmpType">(["protocol", "icmpType"], ({ protocol, icmpType }) => {
  if (icmpType === undefined) return undefined;
  if (protocol !== "icmp" && protocol !== "icmpv6")
    return { at: "icmpType", why: `${formatValue(icmpType)} requires protocol: "icmp" or "icmpv6"` };
  const foreign = valuesOf(icmpType).find((type) => !isUnknown(type) && !ICMP_TYPES_OF[protocol].includes(type));
  return foreign && { at: "icmpType", why: `${formatValue(foreign)} is not a message type of ${protocol}` };
});

const ofOneFamily = (at: "source" | "destination") =>
  rule<FilterRule, typeof at>([at], (given) =>
    new Set(knownIn(given[at]).map(familyOf)).size > 1
      ? { at, why: `${formatValue(given[at])} mixes IPv4 and IPv6; declare a rule for each family` }
      : undefined,
  );

const agreesOnFamily = rule<FilterRule, ImpliesFamily>(["family", "source", "destination", "protocol"], (given) => {
  const [first, ...others] = impliedFamilies(given);
  const other = others.find(({ family }) => family !== first?.family);
  return first === undefined || other === undefined
    ? undefined
    : {
        at: other.at,
        why: `is ${NAMES[other.family]} but ${first.at} is ${NAMES[first.family]}; a rule must use one family`,
      };
});

/** nft cannot list a set in which it has merged a prefix of names with an adjacent name or prefix. */
const namesOrPrefix = (at: "inInterface" | "outInterface") =>
  rule<FilterRule, typeof at>([at], (given) => {
    const values = valuesOf(given[at]);
    const prefix = values.find((value) => value.endsWith("*"));
    return values.length > 1 && prefix !== undefined
      ? { at, why: `a list of interfaces cannot include the prefix "${prefix}"; declare a rule for the prefix` }
      : undefined;
  });

/** The schema of a rule of a filter chain. */
export const filterRule = group(entries, (known) =>
  v.pipe(
    known,
    rejectsWith,
    resetsTcp,
    hasEffect,
    hasPorts("sourcePort"),
    hasPorts("destinationPort"),
    hasIcmpTypes,
    ofOneFamily("source"),
    ofOneFamily("destination"),
    agreesOnFamily,
    namesOrPrefix("inInterface"),
    namesOrPrefix("outInterface"),
    v.transform(completed),
  ),
);

/** Returns a rule with its defaults, and without arguments that say nothing. */
function completed({ counter, ...given }: FilterRule): FilterRule {
  return {
    ...given,
    ...(counter && { counter }),
    ...(given.action === "reject" && { rejectWith: given.rejectWith ?? "port-unreachable" }),
    ...(!hasUnknown(given) && { family: impliedFamilies(given)[0]?.family ?? "inet" }),
  };
}

type ImpliesFamily = "family" | "source" | "destination" | "protocol";

/** Returns the families that the arguments of a rule imply, each with the argument that implies it. */
function impliedFamilies({ family, source, destination, protocol }: FilterRule) {
  const ofProtocol = protocol === "icmp" ? ("ip" as const) : protocol === "icmpv6" ? ("ip6" as const) : undefined;
  const told: readonly { at: ImpliesFamily; family: FilterRule["family"] }[] = [
    { at: "family", family },
    { at: "source", family: familyIn(source) },
    { at: "destination", family: familyIn(destination) },
    { at: "protocol", family: ofProtocol },
  ];
  return told.flatMap(({ at, family }) => (family === "ip" || family === "ip6" ? [{ at, family }] : []));
}

function familyIn(networks: FilterRule["source"]): "ip" | "ip6" | undefined {
  const [first] = knownIn(networks);
  return first === undefined ? undefined : familyOf(first) === "inet6" ? "ip6" : "ip";
}

const knownIn = (networks: FilterRule["source"]): string[] => valuesOf(networks).filter((one) => !isUnknown(one));

const NAMES = { ip: "IPv4", ip6: "IPv6" };

/** Declares the nft text of a rule that arguments cannot express: only a refresh sets it, for a rule that was added by hand. */
function observedOnly() {
  return text("an argument: it only describes a rule in the kernel that arguments cannot express", () => undefined);
}
