import * as v from "valibot";
import { asNetwork, type Family, familyOf } from "../cidr.ts";
import { exclusiveClaims } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import { dev, ip, MAIN_TABLE, type RouteEntry, showRoutes, tableNumber, type Word } from "../kernel/tools/ip.ts";
import { type Kind, type Observed, placeId } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import type { Step } from "../plan.ts";
import { changes, isUnknown } from "../schema.ts";
import { USUAL_METRIC } from "../usual-metric.ts";
import { type NextHop, type RouteArgs, routeSchema } from "./route-args.ts";
import { markOfLink, noteSteps, observeOwner, removeRouteNote, stateOfOthers } from "./route-owner.ts";

export type { RouteArgs } from "./route-args.ts";

export interface ObservedRoute extends Observed<RouteArgs> {
  /** Whether this package has created the route. */
  readonly isOurs: boolean;
  /** Whether the route leads over a link of the stack, so that a link's own default route may take its place. */
  readonly onOwnLink: boolean;
  /** The note with the stack that has created the route; undefined if there is none. */
  readonly note: string | undefined;
}

export const route: Kind<RouteArgs, ObservedRoute> = {
  type: "Route",
  schema: routeSchema,
  ownership: "state",
  // On the lab host, and in a namespace of another stack, a note names the owner of the route.
  createOptimistically: ({ namespace }, atHome) => atHome || namespace === undefined,
  // The kernel's default is set here so that it is known at preview.
  applyDefaults: (args) =>
    [args.destination, args.via, args.source].some(isUnknown)
      ? args
      : { ...args, metric: args.metric || USUAL_METRIC[family(args)] },
  id: (args) => {
    // The IPv6 default route has two spellings.
    const destination = args.destination === "::/0" ? "default" : args.destination;
    return placeId(args.namespace, `${family(args)}/${destination}/table/${args.table}/metric/${args.metric}`);
  },
  argsOfImport: (id) => {
    const parsed = /^(?:(.+)\/)?(inet6?)\/(.+)\/table\/(\d+)\/metric\/(\d+)$/.exec(id);
    if (parsed === null) return undefined;
    const [, namespace, family, destination = "", table, metric] = parsed;
    return {
      ...(namespace !== undefined && { namespace }),
      destination,
      // The family of a default route is that of its gateway.
      ...(destination === "default" && { via: family === "inet6" ? "::" : "0.0.0.0" }),
      type: "unicast",
      onlink: false,
      table: Number(table),
      metric: Number(metric),
    };
  },
  claims: (args) => exclusiveClaims(`route ${route.id(args, "")}`),
  // A multipath route also exists while some of its links are down.
  leadsOver: (args) => (args.type === "unicast" && (args.via ?? args.interface) !== undefined ? args : undefined),

  async observe(kernel, wanted, mark) {
    const { namespace, destination, table } = wanted;
    const all = await showRoutes(kernel, namespace, { family: family(wanted), destination, table: String(table) });
    const same = all?.filter((entry) => (entry.metric ?? 0) === wanted.metric) ?? [];
    const found = same.find(isOurRoute) ?? same[0];
    const state = found && stateOf(found, wanted);
    if (found !== undefined && !isOurRoute(found)) {
      const onOwnLink = isOfStack(await markOfLink(kernel, namespace, found, mark), mark);
      const kernelLink = found.protocol === "kernel" ? found.dev : undefined;
      const others = kernelLink === undefined ? state && stateOfOthers(routeSchema, state, wanted, found) : state;
      return { state: others, isOurs: false, onOwnLink, note: undefined, mark: undefined, kernelLink };
    }
    const owner = await observeOwner(kernel, namespace, route.id(wanted, ""), found, mark);
    return owner && { state, isOurs: true, onOwnLink: false, ...owner };
  },

  plan({ seen, was, desired, mark, ownsPlace }) {
    if (desired === undefined) {
      // A foreign route in the place of ours has another protocol, and is kept.
      if (!seen?.isOurs || !isOfStack(seen.mark, mark)) return [];
      const { note, state } = seen;
      return [
        ...(note === undefined ? [] : [removeRouteNote(was?.namespace, note)]),
        ...(state === undefined ? [] : [{ run: routeCommand("delete", state), tolerate: ["absent"] as const }]),
      ];
    }
    const notes = noteSteps(desired.namespace, route.id(desired, ""), seen?.note, { mark, ownsPlace });
    if (seen?.state === undefined) return [...notes, addRoute(desired)];
    const isSo = seen.isOurs && changes(routeSchema, seen.state, desired).length === 0;
    return isSo ? notes : [...notes, replaceRoute(desired)];
  },
};

/** Returns the step that adds a route, and fails if it exists. */
export const addRoute = (args: RouteArgs): Step => ({ run: routeCommand("add", args) });

/** Returns the step that adds a route or replaces the existing one. */
export const replaceRoute = (args: RouteArgs): Step => ({ run: routeCommand("replace", args) });

/** The routing protocol of this package's routes, like `static` or `bgp` in rt_protos, but a number without a name. */
export const PROTOCOL = "201";

const isOurRoute = (entry: RouteEntry): boolean => entry.protocol === PROTOCOL;

const family = ({ destination, via, nexthops = [], source }: RouteArgs): Family =>
  familyOf(
    destination === "default"
      ? (via ?? nexthops.find((hop) => hop.via !== undefined)?.via ?? source ?? "")
      : destination,
  );

function routeCommand(verb: "add" | "replace" | "delete", args: RouteArgs): Command {
  const run = ip(
    args.namespace,
    "route",
    verb,
    ...(args.type === "unicast" ? [] : [args.type]),
    args.destination,
    ...hopWords(args, family(args)),
    ...(args.nhid === undefined ? [] : ["nhid", args.nhid]),
    ...(args.metric === 0 ? [] : ["metric", args.metric ?? 0]),
    ...(args.table === MAIN_TABLE ? [] : ["table", args.table]),
    ...(args.source === undefined ? [] : ["src", args.source]),
    ...(args.mtu === undefined ? [] : ["mtu", args.mtu]),
    ...(verb === "delete" ? [] : ["protocol", PROTOCOL]),
    // The next hops of a multipath route must come last.
    ...(args.nexthops ?? []).flatMap((hop) => ["nexthop", ...hopWords(hop, family(args)), "weight", hop.weight]),
  );
  return { ...run, family: family(args) };
}

function hopWords(
  { via, interface: link, onlink }: Pick<RouteArgs, "via" | "interface" | "onlink">,
  of: Family,
): Word[] {
  return [
    ...(via === undefined ? [] : ["via", ...(familyOf(via) === of ? [] : [familyOf(via)]), via]),
    ...(link === undefined ? [] : [dev(link)]),
    ...(onlink ? ["onlink"] : []),
  ];
}

/**
 * Returns the arguments that make up the identity of a route. `ip` does not show the family of a default route without a gateway, which
 * counts as IPv4.
 */
export const argsOfEntry = (
  { dst, gateway, via, nexthops = [], table, metric = 0 }: RouteEntry,
  namespace: string | undefined,
): RouteArgs => ({
  namespace,
  // `ip` omits the prefix length for a single host.
  destination: asNetwork(dst),
  via: gateway ?? via?.host ?? nexthops.find((hop) => hop.gateway !== undefined)?.gateway,
  metric,
  table: tableNumber(table),
  type: "unicast",
  onlink: false,
});

/** Returns a route in terms of arguments; undefined if arguments cannot express its type. */
export function stateOf(entry: RouteEntry, wanted: RouteArgs): RouteArgs | undefined {
  const { namespace, destination, metric, table } = wanted;
  // `ip` shows the type and the gateways of a next hop object at the route that uses it.
  const type = v.safeParse(routeSchema.entries.type, entry.nhid === undefined ? entry.type : "unicast");
  if (!type.success) return undefined;
  const mtu = entry.metrics?.find((metrics) => metrics.mtu !== undefined)?.mtu;
  return {
    ...(namespace !== undefined && { namespace }),
    destination,
    type: type.output,
    ...(entry.nhid === undefined ? targetOf(entry, type.output, wanted) : { nhid: entry.nhid, onlink: false }),
    ...(entry.prefsrc !== undefined && { source: entry.prefsrc }),
    ...(mtu !== undefined && { mtu }),
    metric,
    table,
  };
}

/** Returns where a route leads, in terms of arguments. */
function targetOf(entry: RouteEntry, type: RouteArgs["type"], { nexthops: wanted }: RouteArgs) {
  const via = entry.gateway ?? entry.via?.host;
  return {
    ...(via !== undefined && { via }),
    // In IPv6, `ip` shows a route that drops packets with the loopback interface.
    ...(type === "unicast" && entry.dev !== undefined && { interface: entry.dev }),
    onlink: entry.flags?.includes("onlink") ?? false,
    ...(entry.nexthops !== undefined && { nexthops: entry.nexthops.map((hop, index) => hopOf(hop, wanted?.[index])) }),
  };
}

/** Returns a next hop in terms of arguments. The kernel chooses an interface that is not given. */
function hopOf(hop: NonNullable<RouteEntry["nexthops"]>[number], wanted: NextHop | undefined): NextHop {
  const via = hop.gateway ?? hop.via?.host;
  const isChosen = via !== undefined && wanted !== undefined && wanted.interface === undefined;
  return {
    ...(via !== undefined && { via }),
    ...(hop.dev !== undefined && !isChosen && { interface: hop.dev }),
    weight: hop.weight,
    onlink: hop.flags?.includes("onlink") ?? false,
  };
}
