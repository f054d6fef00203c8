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
