import * as v from "valibot";
import type { KernelClient } from "../kernel.ts";
import { query, queryJson } from "./ip.ts";

/** A next hop object as `ip nexthop show` shows it. */
export type NexthopEntry = v.InferOutput<typeof NEXTHOP>;

/** Queries the next hop objects of a namespace; undefined if the namespace does not exist. */
export const showNexthops = (
  kernel: KernelClient,
  namespace: string | undefined,
): Promise<NexthopEntry[] | undefined> => queryJson(kernel, v.array(NEXTHOP), query(namespace, "nexthop", "show"));

const NEXTHOP = v.object({
  id: v.number(),
  gateway: v.optional(v.string()),
  dev: v.optional(v.string()),
  /** Present, with the value null, if it discards packets. */
  blackhole: v.optional(v.null()),
  /** The members of a group. */
  group: v.optional(v.array(v.object({ id: v.number(), weight: v.optional(v.number(), 1) }))),
  protocol: v.optional(v.string()),
  flags: v.optional(v.array(v.string())),
});
