import * as v from "valibot";
import { type Family, familyOf } from "../cidr.ts";
import { ip, type RouteEntry, showRoutes } from "../kernel/ip.ts";
import type { Command } from "../kernel/kernel.ts";
import { type Kind, place } from "../kind.ts";
import { args, changes, field, isUnknown, rule } from "../schema.ts";
import { destination, integer, interfaceName, ip as ipAddress, mtu, namespaceName, oneOf } from "../values.ts";

const fields = args({
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  destination: field(destination(), { replaces: true }),
  type: v.optional(field(oneOf(["unicast", "blackhole", "unreachable", "prohibit"])), "unicast"),
  via: v.optional(field(ipAddress())),
  interface: v.optional(field(interfaceName(), { automatic: true })),
  source: v.optional(field(ipAddress())),
  // The kernel cuts a larger one down.
  mtu: v.optional(field(mtu(65_520))),
  metric: v.optional(field(integer("a metric", 0, 4_294_967_295, 100), { replaces: true, automatic: true })),
  table: v.optional(field(integer("the number of a routing table", 1, 4_294_967_295, 100), { replaces: true }), 254),
});

export type RouteArgs = v.InferOutput<typeof fields>;

const leadsSomewhere = rule<RouteArgs, "type" | "via" | "interface">(
  ["type", "via", "interface"],
  ({ type, via, interface: link }) => {
    if (type === "unicast" && via === undefined && link === undefined) {
      return {
        at: "via",
        why: `is missing: a route needs the gateway it goes via, e.g. "192.168.15.5", or an interface`,
      };
    }
    if (type !== "unicast" && (via ?? link) !== undefined) {
      return { at: "type", why: `"${type}" leads nowhere, so it takes neither via nor interface` };
    }
    return undefined;
  },
);

const oneFamily = (at: "via" | "source") =>
  rule<RouteArgs, "destination" | typeof at>(["destination", at], ({ destination, ...given }) => {
    const address = given[at];
    if (address === undefined || destination === "default" || familyOf(address) === familyOf(destination))
      return undefined;
    return {
      at,
      why: `"${address}" and the destination "${destination}" must be of one family, both IPv4 or both IPv6`,
    };
  });

const sourceLikeGateway = rule<RouteArgs, "source" | "via">(["source", "via"], ({ source, via }) =>
  source !== undefined && via !== undefined && familyOf(source) !== familyOf(via)
    ? { at: "source", why: `"${source}" and the gateway "${via}" must be of one family, both IPv4 or both IPv6` }
    : undefined,
);

export const route: Kind<RouteArgs> = {
  type: "Route",
  schema: v.pipe(fields, leadsSomewhere, oneFamily("via"), oneFamily("source"), sourceLikeGateway),
  proof: "state",
  eager: true,
  // The kernel's own choice, made ours so that it is known at preview: no metric is 0 in IPv4, and 1024 in IPv6.
  complete: (args) =>
    [args.destination, args.via, args.source].some(isUnknown)
      ? args
      : { ...args, metric: args.metric || (family(args) === "inet6" ? 1024 : 0) },
  id: (args) => {
    // The IPv6 way to everywhere has two spellings.
    const destination = args.destination === "::/0" ? "default" : args.destination;
    return place(args.namespace, `${family(args)}/${destination}/table/${args.table}/metric/${args.metric}`);
  },
  claims: (args) => [`route ${route.id(args, "")}`],

  async observe(kernel, wanted, mark) {
    const { namespace, destination, table } = wanted;
    const all = await showRoutes(kernel, namespace, { family: family(wanted), destination, table: String(table) });
    const same = all?.filter((entry) => (entry.metric ?? 0) === wanted.metric) ?? [];
    const found = same.find(isOurs) ?? same[0];
    if (found === undefined) return undefined;
    return { state: stateOf(found, wanted), mark: isOurs(found) ? mark : undefined };
  },

  plan({ seen, desired }) {
    if (desired === undefined) {
      // Whoever put another route in the place of ours has given it their own protocol, and keeps it.
      const ours = seen?.mark === undefined ? undefined : seen.state;
      return ours === undefined ? [] : [{ run: command("delete", ours), tolerate: ["absent"] }];
    }
    if (seen?.state === undefined) return [{ run: command("add", desired) }];
    const isSo = seen.mark !== undefined && changes(fields, seen.state, desired).length === 0;
    return isSo ? [] : [{ run: command("replace", desired) }];
  },
};

/** The routing protocol that says who made a route, as rt_protos knows `static` or `bgp`: a number that nobody uses. */
export const PROTOCOL = "201";

const isOurs = (entry: RouteEntry): boolean => entry.protocol === PROTOCOL;

const family = ({ destination, via, source }: RouteArgs): Family =>
  familyOf(destination === "default" ? (via ?? source ?? "") : destination);

function command(verb: "add" | "replace" | "delete", args: RouteArgs): Command {
  return ip(
    args.namespace,
    family(args) === "inet6" ? "-6" : "-4",
    "route",
    verb,
    ...(args.type === "unicast" ? [] : [args.type]),
    args.destination,
    ...(args.via === undefined ? [] : ["via", args.via]),
    ...(args.interface === undefined ? [] : ["dev", args.interface]),
    ...(args.metric === 0 ? [] : ["metric", args.metric ?? 0]),
    ...(args.table === 254 ? [] : ["table", args.table]),
    ...(args.source === undefined ? [] : ["src", args.source]),
    ...(args.mtu === undefined ? [] : ["mtu", args.mtu]),
    ...(verb === "delete" ? [] : ["protocol", PROTOCOL]),
  );
}

/** A route in terms of arguments; undefined when it is of a type that none of them can ask for. */
function stateOf(entry: RouteEntry, { namespace, destination, metric, table }: RouteArgs): RouteArgs | undefined {
  const type = v.safeParse(fields.entries.type, entry.type);
  if (!type.success) return undefined;
  const via = entry.gateway ?? entry.via?.host;
  const mtu = entry.metrics?.find((metrics) => metrics.mtu !== undefined)?.mtu;
  return {
    ...(namespace !== undefined && { namespace }),
    destination,
    type: type.output,
    ...(via !== undefined && { via }),
    // A route that leads nowhere is shown with the loopback interface in IPv6.
    ...(type.output === "unicast" && entry.dev !== undefined && { interface: entry.dev }),
    ...(entry.prefsrc !== undefined && { source: entry.prefsrc }),
    ...(mtu !== undefined && { mtu }),
    metric,
    table,
  };
}
