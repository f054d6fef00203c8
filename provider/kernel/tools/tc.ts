import * as v from "valibot";
import type { Command } from "../command.ts";
import type { KernelClient } from "../kernel.ts";
import { queryJson } from "./ip.ts";

/** A queueing discipline (qdisc) as `tc qdisc show` shows it. */
export type Qdisc = v.InferOutput<typeof QDISC>;

/** A filter of the packets that arrive at an interface, or that a qdisc distributes to its classes, as `tc filter show` shows it. */
export type TcFilter = v.InferOutput<typeof FILTER>;

/** Returns the command for a change by `tc` that concerns an interface, in a namespace or on the lab host. */
export const tc = (namespace: string | undefined, link: string, ...words: readonly (string | number)[]): Command => ({
  tool: "tc",
  namespace,
  args: words.map(String),
  subject: link,
});

/** Queries the qdiscs of an interface; undefined if it or its namespace does not exist. */
export const showQdiscs = (
  kernel: KernelClient,
  namespace: string | undefined,
  link: string,
): Promise<Qdisc[] | undefined> => queryJson(kernel, QDISCS, queryOf(namespace, link, "qdisc"));

/** Queries the qdiscs of all interfaces in a place; undefined if the namespace does not exist. */
export const showAllQdiscs = (kernel: KernelClient, namespace: string | undefined): Promise<Qdisc[] | undefined> =>
  queryJson(kernel, QDISCS, { tool: "tc", namespace, args: ["-json", "qdisc", "show"], query: true });

/** Queries the filters of the packets that arrive at an interface; undefined if it or its namespace does not exist. */
export const showIngressFilters = (
  kernel: KernelClient,
  namespace: string | undefined,
  link: string,
): Promise<TcFilter[] | undefined> => queryJson(kernel, FILTERS, queryOf(namespace, link, "filter", "ingress"));

/** Queries the filters of the qdisc with a handle, which distribute packets to its classes. */
export const showClassFilters = (
  kernel: KernelClient,
  namespace: string | undefined,
  link: string,
  handle: string,
): Promise<TcFilter[] | undefined> => queryJson(kernel, FILTERS, queryOf(namespace, link, "filter", "parent", handle));

const queryOf = (namespace: string | undefined, link: string, object: string, ...words: string[]): Command => ({
  ...tc(namespace, link, "-json", object, "show", "dev", link, ...words),
  query: true,
});

const QDISC = v.object({
  kind: v.string(),
  /** The handle, such as `12:`; `0:` for a qdisc that the kernel has chosen. */
  handle: v.string(),
  /** The interface; absent in the answer about one interface. */
  dev: v.optional(v.string()),
  root: v.optional(v.boolean(), false),
  /** The class that it is in, such as `12:2`; absent for a root qdisc. */
  parent: v.optional(v.string()),
  options: v.optional(v.record(v.string(), v.unknown()), {}),
});
const QDISCS = v.array(QDISC);

const FILTER = v.object({
  protocol: v.optional(v.string(), "all"),
  pref: v.number(),
  kind: v.string(),
  /** Absent in the entries that only hold others. */
  options: v.optional(
    v.object({
      /** The class to which it sends packets; the classifier `u32` calls it by the second name. */
      classid: v.optional(v.string()),
      flowid: v.optional(v.string()),
      /** The properties of the packets that it matches. */
      keys: v.optional(v.record(v.string(), v.unknown())),
      actions: v.optional(
        v.array(v.object({ kind: v.string(), to_dev: v.optional(v.string()), cookie: v.optional(v.string()) })),
        [],
      ),
    }),
  ),
});
const FILTERS = v.array(FILTER);
