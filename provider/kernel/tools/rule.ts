import * as v from "valibot";
import type { KernelClient } from "../kernel.ts";
import { query, queryJson } from "./ip.ts";

/** A routing rule as `ip rule show` shows it. */
export type RuleEntry = v.InferOutput<typeof RULE>;

/** Queries the routing rules of a family, all or those with a priority; undefined if the namespace does not exist. */
export const showRules = (
  kernel: KernelClient,
  namespace: string | undefined,
  family: "inet" | "inet6",
  priority?: number,
): Promise<RuleEntry[] | undefined> =>
  queryJson(kernel, v.array(RULE), {
    ...query(namespace, "rule", "show", ...(priority === undefined ? [] : ["priority", priority])),
    family,
  });

/**
 * Returns the number of a protocol that `ip` shows by name. In one process, `ip` takes a name that it has read before for the last number that
 * it has read since.
 */
export const protocolNumber = (shown: string): string => PROTOCOLS.get(shown) ?? shown;

/** The protocols of the kernel (`rtnetlink.h`). */
const PROTOCOLS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ unspec: 0, redirect: 1, kernel: 2, boot: 3, static: 4, gated: 8, ra: 9, mrt: 10, zebra: 11, bird: 12 },
    ...{ dnrouted: 13, xorp: 14, ntk: 15, dhcp: 16, mrouted: 17, keepalived: 18, babel: 42, openr: 99 },
    ...{ bgp: 186, isis: 187, ospf: 188, rip: 189, eigrp: 192 },
  }).map(([name, number]) => [name, String(number)]),
);

const RULE = v.object({
  priority: v.number(),
  /** Present, with the value null, if the rule applies to all packets that do not match. */
  not: v.optional(v.null()),
  /** An address, or `all`. */
  src: v.optional(v.string()),
  srclen: v.optional(v.number()),
  dst: v.optional(v.string()),
  dstlen: v.optional(v.number()),
  iif: v.optional(v.string()),
  oif: v.optional(v.string()),
  fwmark: v.optional(v.string()),
  fwmask: v.optional(v.string()),
  ipproto: v.optional(v.string()),
  sport: v.optional(v.number()),
  sport_start: v.optional(v.number()),
  sport_end: v.optional(v.number()),
  dport: v.optional(v.number()),
  dport_start: v.optional(v.number()),
  dport_end: v.optional(v.number()),
  uid_start: v.optional(v.number()),
  uid_end: v.optional(v.number()),
  /** The table by number or name; absent for other actions. */
  table: v.optional(v.string()),
  action: v.optional(v.string()),
  goto: v.optional(v.number()),
  suppress_prefixlen: v.optional(v.number()),
  suppress_ifgroup: v.optional(v.string()),
  l3mdev: v.optional(v.null()),
  nop: v.optional(v.null()),
  tos: v.optional(v.string()),
  protocol: v.optional(v.string()),
});
