import * as v from "valibot";
import { areOfOneFamily, familyOf, isLinkLocal } from "../cidr.ts";
import { withHelp } from "../message.ts";
import { args, field, group, groups, isUnknown, rule } from "../schema.ts";
import { observedOnly } from "../value.ts";
import { destination, flag, integer, interfaceName, ip, mtu, namespaceName, oneOf, routingTable } from "../values.ts";
import { nexthopNumber } from "./nexthop-args.ts";

const hopEntries = {
  via: v.optional(field(ip())),
  interface: v.optional(field(interfaceName())),
  weight: v.optional(field(integer("the weight of a next hop", 1, 256, 2)), 1),
  onlink: v.optional(field(flag()), false),
};

/** One of the next hops of a multipath route. */
export type NextHop = v.InferOutput<ReturnType<typeof args<typeof hopEntries>>>;

const onLinkOf = <A extends Pick<NextHop, "onlink" | "via" | "interface">>(at: "via" | "interface") =>
  rule<A, "onlink" | "via" | "interface">(["onlink", at], (given) =>
    given.onlink && given[at] === undefined
      ? { at, why: `missing: onlink requires both via and interface` }
      : undefined,
  );

const linkOfGateway = <A extends Pick<NextHop, "via" | "interface">>() =>
  rule<A, "via" | "interface">(["via", "interface"], ({ via, interface: link }) =>
    via !== undefined && isLinkLocal(via) && link === undefined
      ? { at: "interface", why: `missing: the link-local gateway "${via}" requires the interface whose link it is on` }
      : undefined,
  );

const VIA_IS_UNDEFINED =
  "if the program sets via, its value is undefined, like the address of a Link or Lan without networks";

const MISSING_IN_HOP = withHelp(
  'missing: a next hop requires a gateway, e.g. via: "192.168.15.5", or an interface',
  VIA_IS_UNDEFINED,
);

const nextHop = group(hopEntries, (known) =>
  v.pipe(
    known,
    rule<NextHop, "via" | "interface">(["via", "interface"], ({ via, interface: link }) =>
      via === undefined && link === undefined ? { at: "via", why: MISSING_IN_HOP } : undefined,
    ),
    onLinkOf<NextHop>("via"),
    onLinkOf<NextHop>("interface"),
    linkOfGateway<NextHop>(),
  ),
);

const fields = args({
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  destination: field(destination(), { replaces: true }),
  type: v.optional(field(oneOf(["unicast", "blackhole", "unreachable", "prohibit"])), "unicast"),
  via: v.optional(field(ip())),
  interface: v.optional(field(interfaceName(), { computed: true })),
  nexthops: v.optional(groups(nextHop, `a list of next hops, e.g. [{ via: "192.168.15.5" }, { via: "192.168.16.5" }]`)),
  nhid: v.optional(field(nexthopNumber(), { shorthand: "nexthop" })),
  source: v.optional(field(ip())),
  onlink: v.optional(field(flag()), false),
  // The kernel reduces a larger MTU to this.
  mtu: v.optional(field(mtu({ max: 65_520 }))),
  metric: v.optional(field(integer("a metric", 0, 4_294_967_295, 100), { replaces: true, computed: true })),
  table: v.optional(field(routingTable(4_294_967_295, 100), { replaces: true, shorthand: "vrf" }), 254),
  protocol: v.optional(
    field(observedOnly("the protocol of an equal route of others in the kernel"), { setBySdk: true }),
  ),
});

const MISSING = withHelp(
  'missing: a route requires via, interface, nexthops or nhid (in TypeScript also nexthop), e.g. via: "192.168.15.5", or a type that drops packets',
  VIA_IS_UNDEFINED,
);

/** The arguments of a route. */
export type RouteArgs = v.InferOutput<typeof fields>;

const hasNextHop = rule<RouteArgs, "type" | "via" | "interface" | "nexthops" | "nhid">(
  ["type", "via", "interface", "nexthops", "nhid"],
  ({ type, via, interface: link, nexthops, nhid }) => {
    const single = via ?? link;
    if (type !== "unicast" && (single ?? nexthops ?? nhid) !== undefined)
      return { at: "type", why: `"${type}" routes take neither via nor interface nor nexthops nor nhid` };
    if (type === "unicast" && (single ?? nexthops ?? nhid) === undefined) return { at: "via", why: MISSING };
    if (nhid !== undefined && (single ?? nexthops) !== undefined)
      return { at: "nhid", why: "takes the place of via, interface and nexthops" };
    return single !== undefined && nexthops !== undefined
      ? { at: "nexthops", why: "takes the place of via and interface; set these for each next hop" }
      : undefined;
  },
);

/** The kernel lists a multipath route with one next hop as a route without nexthops. */
const hasSeveral = rule<RouteArgs, "nexthops">(["nexthops"], ({ nexthops }) => {
  if (!Array.isArray(nexthops)) return undefined;
  if (nexthops.length === 1)
    return { at: "nexthops", why: "has one next hop; for a route with one, set via and interface" };
  const texts = nexthops
    .filter(({ via, interface: link }) => !isUnknown(via) && !isUnknown(link))
    .map(({ via, interface: link }) => JSON.stringify([via, link]));
  return new Set(texts).size < texts.length
    ? { at: "nexthops", why: "lists a next hop twice; give it a weight instead" }
    : undefined;
});

const ofFamily = (at: "via" | "source") =>
  rule<RouteArgs, "destination" | typeof at>(["destination", at], ({ destination, ...given }) => {
    const address = given[at];
    if (address === undefined || destination === "default" || areOfOneFamily(address, destination)) return undefined;
    // An IPv4 network can be reached through a gateway with an IPv6 address.
    if (at === "via" && familyOf(destination) === "inet") return undefined;
    return {
      at,
      why: `"${address}" and the destination "${destination}" must be of the same family`,
    };
  });

const hopsOfFamily = rule<RouteArgs, "destination" | "nexthops">(
  ["destination", "nexthops"],
  ({ destination, nexthops }) => {
    const gateways = Array.isArray(nexthops) ? nexthops.flatMap(({ via }) => (isUnknown(via) ? [] : (via ?? []))) : [];
    const wrong =
      destination === "default"
        ? gateways.find((via) => !areOfOneFamily(via, gateways[0] ?? via))
        : gateways.find((via) => familyOf(via) === "inet" && familyOf(destination) === "inet6");
    return wrong === undefined
      ? undefined
      : { at: "nexthops", why: `the gateway "${wrong}" is of another family than the destination "${destination}"` };
  },
);

const sourceLikeGateway = rule<RouteArgs, "destination" | "source" | "via">(
  ["destination", "source", "via"],
  ({ destination, source, via }) =>
    destination === "default" && source !== undefined && via !== undefined && !areOfOneFamily(source, via)
      ? { at: "source", why: `"${source}" and the gateway "${via}" must be of the same family` }
      : undefined,
);

/** The schema of a route's arguments. */
export const routeSchema = v.pipe(
  fields,
  hasNextHop,
  hasSeveral,
  onLinkOf<RouteArgs>("via"),
  onLinkOf<RouteArgs>("interface"),
  linkOfGateway<RouteArgs>(),
  ofFamily("via"),
  ofFamily("source"),
  hopsOfFamily,
  sourceLikeGateway,
);
