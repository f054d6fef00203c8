import * as v from "valibot";
import { familyOf } from "../cidr.ts";
import { MAIN_TABLE, type RouteEntry, tableNumber } from "../kernel/tools/ip.ts";
import { USUAL_METRIC } from "../usual-metric.ts";
import { routeSchema } from "./route-args.ts";

/**
 * Returns an attribute of a route that no argument of a Route expresses, in the words of `ip route`, e.g. `initcwnd 20`; undefined if
 * arguments express all of them.
 */
export function inexpressibleIn(entry: RouteEntry): string | undefined {
  const { metrics = [], nexthops = [], ...own } = entry;
  const [found] = [
    ...(isType(entry) ? [] : [["type", entry.type]]),
    // The address of an encapsulation overwrites the destination.
    ...("encap" in entry ? [["encap", entry["encap"]]] : []),
    ...unknownIn(own, EXPRESSED),
    ...(isUsualScope(entry) ? [] : [["scope", entry["scope"]]]),
    ...(entry["pref"] === undefined || entry["pref"] === "medium" ? [] : [["pref", entry["pref"]]]),
    ...metrics.flatMap((some) => unknownIn(some, ["mtu"])),
    ...nexthops.flatMap((hop) => unknownIn(hop, HOP)),
    ...[entry, ...nexthops].flatMap(({ flags = [] }) =>
      flags.filter((flag) => !HARMLESS.has(flag)).map((flag) => [flag]),
    ),
  ];
  return found?.map((word) => (typeof word === "string" ? word : JSON.stringify(word))).join(" ");
}

/** Returns whether a route is one that a gateway of a link stands for: the usual default route, without attributes. */
export const isOfGateway = (entry: RouteEntry): boolean =>
  entry.dst === "default" &&
  entry.gateway !== undefined &&
  tableNumber(entry.table) === MAIN_TABLE &&
  (entry.metric ?? 0) === USUAL_METRIC[familyOf(entry.gateway)] &&
  ["prefsrc", "metrics", "nhid"].every((key) => !(key in entry)) &&
  !entry.flags?.includes("onlink") &&
  inexpressibleIn(entry) === undefined;

const isType = ({ type, nhid }: RouteEntry): boolean => nhid !== undefined || v.is(routeSchema.entries.type, type);

/** The keys of a route that arguments express, and those that are examined by themselves. */
const EXPRESSED = [
  ...["type", "dst", "gateway", "via", "dev", "nhid", "protocol", "prefsrc", "metric", "table"],
  ...["scope", "pref", "flags", "encap", "nh_info"],
];
const HOP = ["gateway", "via", "dev", "weight", "flags"];

/** The flags that an argument expresses, and those that tell how the route fares at present. */
const HARMLESS = new Set(["onlink", "linkdown", "dead", "offload", "offload_failed", "trap", "rt_offload", "rt_trap"]);

/** Returns the keys of a group that are not known, with their values, as words of `ip route`. */
const unknownIn = (group: object, known: readonly string[]): unknown[][] =>
  Object.entries(group).flatMap(([key, value]) => (known.includes(key) ? [] : [[WORDS[key] ?? key, valueOf(value)]]));

/** The keys that differ from the words of `ip route`. */
const WORDS: Readonly<Record<string, string>> = { flow: "realm", congestion: "congctl" };

/** Returns a value as text. The realms of a route are a group. */
const valueOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "to" in value ? value.to : value;

/** Returns whether a route has the scope that the kernel gives it: that of a link if it needs no gateway. IPv6 has no scopes. */
function isUsualScope({ type, dst, gateway, via, nhid, nexthops, ...entry }: RouteEntry): boolean {
  const isOverLink = type === "unicast" && (gateway ?? via ?? nexthops) === undefined;
  const isInet6 = dst.includes(":") || "pref" in entry;
  return (
    isInet6 || nhid !== undefined || entry["scope"] === undefined || entry["scope"] === (isOverLink ? "link" : "global")
  );
}
