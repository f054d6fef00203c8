import * as v from "valibot";
import { formatValue } from "../format-value.ts";
import { type args, field, group, hasUnknown, isUnknown, rule } from "../schema.ts";
import { inOrderOf, several, sorted, valuesOf } from "../several.ts";
import { observedOnly } from "../value.ts";
import { flag, oneOf } from "../values.ts";
import { limit, logPrefix, mark, markOr, protocol } from "./filter-values.ts";
import { CT_STATES, ICMP_TYPES, ICMP_TYPES_OF, protocolNumber } from "./filter-words.ts";
import { impliedFamily, interfaces, networks, packetRules, portRanges } from "./packet-match.ts";

const entries = {
  action: field(oneOf(["accept", "drop", "reject", "return", "continue"])),
  rejectWith: v.optional(field(oneOf(["port-unreachable", "admin-prohibited", "host-unreachable", "tcp reset"]))),
  family: v.optional(field(oneOf(["ip", "ip6", "inet"]))),
  source: v.optional(field(networks())),
  destination: v.optional(field(networks())),
  protocol: v.optional(field(several(protocol(), sorted(protocolNumber)))),
  sourcePort: v.optional(field(portRanges())),
  destinationPort: v.optional(field(portRanges())),
  icmpType: v.optional(field(several(oneOf(ICMP_TYPES), inOrderOf(ICMP_TYPES)))),
  inInterface: v.optional(field(interfaces())),
  outInterface: v.optional(field(interfaces())),
  ctState: v.optional(field(several(oneOf(CT_STATES), inOrderOf(CT_STATES)))),
  mark: v.optional(field(mark("a packet mark"))),
  ctMark: v.optional(field(mark("a connection mark"))),
  limit: v.optional(field(limit())),
  counter: v.optional(field(flag())),
  log: v.optional(field(logPrefix())),
  setMark: v.optional(field(markOr("a packet mark", "ct mark"))),
  setCtMark: v.optional(field(markOr("a connection mark", "meta mark"))),
  // The text of a rule that was added by hand.
  nft: v.optional(field(observedOnly("a rule in the kernel that arguments cannot express"), { setBySdk: true })),
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

const EFFECTS = ["log", "counter", "setMark", "setCtMark"] as const;

const hasEffect = rule<FilterRule, "action" | (typeof EFFECTS)[number]>(["action", ...EFFECTS], (given) =>
  given.action === "continue" && EFFECTS.every((effect) => (given[effect] ?? false) === false)
    ? { at: "action", why: `"continue" has no effect without log, counter, setMark or setCtMark` }
    : undefined,
);

/** The arguments of a rule have no order, which would decide the mark that is copied. */
const copiesAlone = rule<FilterRule, "setMark" | "setCtMark">(["setMark", "setCtMark"], ({ setMark, setCtMark }) => {
  if (setMark === undefined || setCtMark === undefined) return undefined;
  const at = setMark === "ct mark" ? "setMark" : setCtMark === "meta mark" ? "setCtMark" : undefined;
  return at && { at, why: "copies a mark that the same rule sets; declare a rule for each, in their order" };
});

const hasIcmpTypes = rule<FilterRule, "protocol" | "icmpType">(["protocol", "icmpType"], ({ protocol, icmpType }) => {
  if (icmpType === undefined) return undefined;
  if (protocol !== "icmp" && protocol !== "icmpv6")
    return { at: "icmpType", why: `${formatValue(icmpType)} requires protocol: "icmp" or "icmpv6"` };
  const foreign = valuesOf(icmpType).find((type) => !isUnknown(type) && !ICMP_TYPES_OF[protocol].includes(type));
  return foreign && { at: "icmpType", why: `${formatValue(foreign)} is not a message type of ${protocol}` };
});

/** The schema of a rule of a filter chain. */
export const filterRule = group(entries, (known) =>
  v.pipe(
    known,
    rejectsWith,
    resetsTcp,
    hasEffect,
    copiesAlone,
    hasIcmpTypes,
    ...packetRules<FilterRule>(),
    v.transform(completed),
  ),
);

/** Returns a rule with its defaults, and without arguments that say nothing. */
function completed({ counter, ...given }: FilterRule): FilterRule {
  return {
    ...given,
    ...(counter && { counter }),
    ...(given.action === "reject" && { rejectWith: given.rejectWith ?? "port-unreachable" }),
    ...(!hasUnknown(given) && { family: impliedFamily(given) }),
  };
}
