import * as v from "valibot";
import { cidr, familyOf } from "../cidr.ts";
import { args, field, rule } from "../schema.ts";
import { text } from "../value.ts";
import { flag, hostOrNetwork, integer, interfaceName, namespaceName, oneOf, ports, routingTable } from "../values.ts";

/** The protocols that a rule can match by name. */
const PROTOCOLS = ["icmp", "igmp", "tcp", "udp", "gre", "esp", "ah", "icmpv6", "ospf", "vrrp", "sctp"] as const;

const fields = args({
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  family: v.optional(field(oneOf(["inet", "inet6"]), { computed: true })),
  priority: field(integer("the priority of a routing rule", 1, 32_765, 100)),
  not: v.optional(field(flag()), false),
  from: v.optional(field(hostOrNetwork())),
  to: v.optional(field(hostOrNetwork())),
  iif: v.optional(field(interfaceName())),
  oif: v.optional(field(interfaceName())),
  fwmark: v.optional(field(integer("a packet mark", 0, 4_294_967_295, 16))),
  fwmask: v.optional(field(integer("a mask of a packet mark", 1, 4_294_967_294, 255))),
  ipproto: v.optional(field(oneOf(PROTOCOLS))),
  sport: v.optional(field(ports())),
  dport: v.optional(field(ports())),
  uidrange: v.optional(field(uidRange())),
  type: v.optional(field(oneOf(["unicast", "blackhole", "unreachable", "prohibit"])), "unicast"),
  table: v.optional(field(routingTable(4_294_967_295, 100), { shorthand: "vrf" })),
  suppressPrefixlength: v.optional(field(integer("a prefix length", 0, 128, 0))),
});

/** The arguments of a routing rule. */
export type RoutingRuleArgs = v.InferOutput<typeof fields>;

/** The schema of a routing rule's arguments. */
export const routingRuleSchema = v.pipe(
  fields,
  rule<RoutingRuleArgs, "type" | "table">(["type", "table"], ({ type, table }) => {
    if (type === "unicast" && table === undefined)
      return {
        at: "table",
        why: "missing: a rule requires the table to look up, e.g. 100, or a type that drops packets",
      };
    return type !== "unicast" && table !== undefined
      ? { at: "type", why: `"${type}" rules look up no table` }
      : undefined;
  }),
  rule<RoutingRuleArgs, "type" | "suppressPrefixlength">(
    ["type", "suppressPrefixlength"],
    ({ type, suppressPrefixlength }) =>
      type !== "unicast" && suppressPrefixlength !== undefined
        ? { at: "suppressPrefixlength", why: `"${type}" rules look up no table, so there is no route to suppress` }
        : undefined,
  ),
  rule<RoutingRuleArgs, "fwmark" | "fwmask">(["fwmark", "fwmask"], ({ fwmark, fwmask }) =>
    fwmask !== undefined && fwmark === undefined
      ? { at: "fwmask", why: "requires the mark that it masks; set fwmark" }
      : undefined,
  ),
  hasPorts("sport"),
  hasPorts("dport"),
  restricts("from"),
  restricts("to"),
  rule<RoutingRuleArgs, "family" | "from" | "to">(["family", "from", "to"], ({ family, from, to }) => {
    const told = [
      { at: "family" as const, family },
      { at: "from" as const, family: from && familyOf(from) },
      { at: "to" as const, family: to && familyOf(to) },
    ].filter((one) => one.family !== undefined);
    const other = told.find((one) => one.family !== told[0]?.family);
    return other && { at: other.at, why: `is of another family than ${told[0]?.at}; declare a rule for each family` };
  }),
);

/** The kernel accepts a port of any protocol. Such a rule also reads the bytes of protocols without ports. */
function hasPorts(at: "sport" | "dport") {
  return rule<RoutingRuleArgs, "ipproto" | typeof at>(["ipproto", at], ({ ipproto, ...given }) => {
    const value = given[at];
    if (value === undefined) return undefined;
    if (ipproto !== "tcp" && ipproto !== "udp" && ipproto !== "sctp")
      return {
        at,
        why: `a port, here ${JSON.stringify(value)}, requires a protocol with ports: set ipproto to "tcp", "udp" or "sctp"`,
      };
    return String(value).endsWith("65535")
      ? { at, why: `${JSON.stringify(value)} includes port 65535, which the kernel does not accept in a routing rule` }
      : undefined;
  });
}

function restricts(at: "from" | "to") {
  return rule<RoutingRuleArgs, typeof at>([at], (given) =>
    cidr(given[at] ?? "")?.length === 0
      ? { at, why: `"${given[at]}" matches every address; omit the argument, and set family` }
      : undefined,
  );
}

/** Declares a range of user ids, as `from-to`. */
function uidRange() {
  return text(`a user id or a range of user ids, e.g. "1000" or "1000-1999"`, (given) => {
    const [, from, to = from] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(given) ?? [];
    const [first, last] = [Number(from), Number(to)];
    return first <= last && last < 4_294_967_295 ? `${first}-${last}` : undefined;
  });
}
