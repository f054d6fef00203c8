import * as v from "valibot";
import type { LabHost } from "../lab-host.ts";
import type { Place } from "../place.ts";

/** The route that the kernel of a place chooses for a packet. */
export interface ChosenRoute {
  /** `local` for an address of the place itself; undefined for a unicast route. */
  readonly type: string | undefined;
  readonly dev: string | undefined;
  readonly gateway: string | undefined;
  /** The source address of a packet that originates in the place. */
  readonly source: string | undefined;
  /** The largest packet on this route, in bytes, if the route or an answer of a router limits it. */
  readonly mtu: number | undefined;
  /** Whether a router has sent the gateway in an ICMP redirect, which the kernel keeps for some minutes beside its routes. */
  readonly isRedirected: boolean;
}

/** One of the next hops of a multipath route. */
export interface NextHop {
  readonly dev: string | undefined;
  readonly gateway: string | undefined;
  readonly weight: number;
  /** `dead` or `linkdown` for one that is not used. */
  readonly flags: readonly string[];
}

/** The entry of a routing table that the kernel of a place uses for a packet. */
export interface MatchedRoute {
  /** The network of its destination, or `default`; undefined if the kernel does not tell. */
  readonly destination: string | undefined;
  /** The table by number or name. */
  readonly table: string;
  /** Undefined for the default of IPv4, which is 0. */
  readonly metric: number | undefined;
  /** Undefined for a network on the segment, and for a multipath route. */
  readonly gateway: string | undefined;
  /** The next hops of a multipath route; none for one that has only one. */
  readonly nextHops: readonly NextHop[];
}

/** Returns the entry of a routing table that the kernel of a place uses for a packet. */
export async function matchRoute(
  host: LabHost,
  place: Place,
  destination: string,
  ...words: readonly string[]
): Promise<MatchedRoute> {
  const { code, stdout } = await host.run(place, "ip", "-json", "route", "get", "fibmatch", destination, ...words);
  const [route] = code === 0 ? v.parse(MATCHES, JSON.parse(stdout)) : [];
  const nextHops = (route?.nexthops ?? []).map(({ gateway, via, dev, weight, flags }) => ({
    ...{ dev, weight, flags },
    gateway: gateway ?? via?.host,
  }));
  const gateway = route?.gateway ?? route?.via?.host;
  return { destination: route?.dst, table: route?.table ?? "main", metric: route?.metric, gateway, nextHops };
}

const GATEWAY = { gateway: v.optional(v.string()), via: v.optional(v.object({ host: v.string() })) };
const MATCHES = v.array(
  v.object({
    dst: v.optional(v.string()),
    /** Absent for the table `main`. */
    table: v.optional(v.string()),
    metric: v.optional(v.number()),
    ...GATEWAY,
    nexthops: v.optional(
      v.array(
        v.object({
          ...GATEWAY,
          dev: v.optional(v.string()),
          weight: v.optional(v.number(), 1),
          flags: v.optional(v.array(v.string()), []),
        }),
      ),
    ),
  }),
);

/**
 * Asks the kernel of a place for the route of a packet, so that all tables, rules and filters apply.
 *
 * @param words The remaining arguments of `ip route get`, such as `from 10.0.0.1 iif eth0`.
 */
export async function lookUpRoute(
  host: LabHost,
  place: Place,
  destination: string,
  ...words: readonly string[]
): Promise<ChosenRoute | { readonly refusal: string }> {
  const { code, stdout, stderr } = await host.run(place, "ip", "-json", "route", "get", destination, ...words);
  if (code !== 0) return { refusal: stderr.replace("RTNETLINK answers: ", "").trim() };
  const [{ type, dev, gateway, via, prefsrc, metrics, cache = [] }] = v.parse(ROUTES, JSON.parse(stdout));
  return {
    type,
    dev,
    gateway: gateway ?? via?.host,
    source: prefsrc,
    mtu: metrics?.find(({ mtu }) => mtu !== undefined)?.mtu,
    isRedirected: cache.includes("redirected"),
  };
}

const ROUTES = v.tuple([
  v.object({
    type: v.optional(v.string()),
    dev: v.optional(v.string()),
    ...GATEWAY,
    prefsrc: v.optional(v.string()),
    metrics: v.optional(v.array(v.object({ mtu: v.optional(v.number()) }))),
    cache: v.optional(v.array(v.string())),
  }),
]);
