import * as v from "valibot";
import { NAMESPACE_FOLDER as NAMESPACE_FOLDER } from "../client/namespace-files.ts";
import type { Command, IpCommand } from "../command.ts";
import type { KernelClient } from "../kernel.ts";
import { runQuery } from "../query.ts";

/** A word of a command; `dev(name)` is the interface that it is about. */
export type Word = string | number | Device;

interface Device {
  readonly dev: string;
}

/** The interface that a command is about. Names are always given behind their keyword, never bare. */
export const dev = (name: string): Device => ({ dev: name });

/** A change by `ip`, in a namespace or on the lab host. */
export const ip = (
  namespace: string | undefined,
  object: IpCommand["object"],
  verb: string,
  ...words: readonly Word[]
): IpCommand => ({
  tool: "ip",
  namespace,
  object,
  verb,
  words: words.flatMap((word) => (typeof word === "object" ? ["dev", word.dev] : [String(word)])),
  subject: words.find((word) => typeof word === "object")?.dev,
});

/** A query by `ip`, which answers in JSON where it can. */
export const query = (...command: Parameters<typeof ip>): IpCommand => ({ ...ip(...command), query: true });

/**
 * A namespace where `ip` takes its name or the id of a process. A name that reads as a number is given as the path of its
 * file: `ip` would take the process of that number when there is no such namespace.
 */
export const namespaceWord = (name: string): string =>
  /^[+]?(0x[0-9a-f]+|\d+)$/i.test(name) ? `${NAMESPACE_FOLDER}/${name}` : name;

/** A link as `ip -details address show` tells of it. */
export type Link = v.InferOutput<typeof LINK>;

/** One link with its addresses; undefined when it, or its namespace, is not there. */
export async function showLink(
  kernel: KernelClient,
  namespace: string | undefined,
  name: string,
): Promise<Link | undefined> {
  const links = await queryJson(kernel, LINKS, query(namespace, "address", "show", dev(name)));
  return links?.[0];
}

/** The query for all links of a namespace with their addresses. */
export const linksCommand = (namespace: string | undefined): IpCommand => query(namespace, "address", "show");

/** All links of a namespace with their addresses; undefined when it is not there. */
export const showLinks = (kernel: KernelClient, namespace: string | undefined): Promise<Link[] | undefined> =>
  queryJson(kernel, LINKS, linksCommand(namespace));

/** A namespace that has a name. */
export type NamedNamespace = v.InferOutput<typeof NAMESPACES>[number];

/** The namespaces that `ip netns` lists, in the order of their making; none when the place that is asked is not there. */
export const listNamespaces = async (kernel: KernelClient, place?: string): Promise<NamedNamespace[]> =>
  (await queryJson(kernel, NAMESPACES, query(place, "netns", "list"))) ?? [];

/** An address of a link as `ip address show` tells of it. */
export type LinkAddress = v.InferOutput<typeof ADDRESS>;

/** A route as `ip -details route show` tells of it. */
export type RouteEntry = v.InferOutput<typeof ROUTE>;

/** Where routes are looked for. */
export interface RouteQuery {
  readonly family: "inet" | "inet6";
  readonly destination: string;
  readonly table: string;
}

/** The query for the routes to exactly one destination. */
export const routesCommand = (
  namespace: string | undefined,
  { family, destination, table }: RouteQuery,
): IpCommand => ({
  ...query(namespace, "route", "show", "exact", destination, "table", table),
  family,
});

/** The routes to exactly one destination; undefined when the namespace or the table is not there. */
export const showRoutes = (
  kernel: KernelClient,
  namespace: string | undefined,
  query: RouteQuery,
): Promise<RouteEntry[] | undefined> => queryJson(kernel, ROUTES, routesCommand(namespace, query));

/** The routes that a protocol has made, of both families and in all tables; undefined when the namespace is not there. */
export const showRoutesOf = (
  kernel: KernelClient,
  namespace: string | undefined,
  protocol: string,
): Promise<RouteEntry[] | undefined> =>
  queryJson(kernel, ROUTES, query(namespace, "route", "show", "table", "all", "protocol", protocol));

/** Asks `ip` for JSON; see {@link runQuery}. */
async function queryJson<S extends v.GenericSchema>(
  kernel: KernelClient,
  schema: S,
  command: Command,
): Promise<v.InferOutput<S> | undefined> {
  const text = await runQuery(kernel, command);
  return text === undefined ? undefined : v.parse(schema, JSON.parse(text || "[]"));
}

const ADDRESS = v.object({
  family: v.string(),
  local: v.string(),
  /** The other side of a point-to-point address. */
  address: v.optional(v.string()),
  prefixlen: v.number(),
  scope: v.optional(v.string()),
  broadcast: v.optional(v.string()),
  secondary: v.optional(v.boolean()),
});

const LINK = v.object({
  ifindex: v.number(),
  ifname: v.string(),
  /** The other end of a veth pair by name, when it is in the same namespace. */
  link: v.optional(v.nullable(v.string())),
  /** The other end by its number, when it is in another namespace. */
  link_index: v.optional(v.number()),
  /** The number, in this place, of the namespace that the other end is in. */
  link_netnsid: v.optional(v.number()),
  flags: v.array(v.string()),
  mtu: v.number(),
  address: v.optional(v.string()),
  master: v.optional(v.string()),
  group: v.optional(v.string()),
  ifalias: v.optional(v.string()),
  altnames: v.optional(v.array(v.string())),
  linkinfo: v.optional(
    v.object({
      info_kind: v.optional(v.string()),
      /** The options of the link's kind, each kind's own. */
      info_data: v.optional(v.record(v.string(), v.unknown())),
    }),
  ),
  addr_info: v.optional(v.array(ADDRESS), []),
});
const LINKS = v.array(LINK);

const NAMESPACES = v.array(
  v.object({
    name: v.string(),
    /** The number by which the place that was asked knows it; absent when none of its links leads there. */
    id: v.optional(v.number()),
  }),
);

const ROUTE = v.object({
  type: v.optional(v.string(), "unicast"),
  dst: v.string(),
  gateway: v.optional(v.string()),
  /** A gateway of the other family. */
  via: v.optional(v.object({ family: v.string(), host: v.string() })),
  dev: v.optional(v.string()),
  protocol: v.optional(v.string()),
  prefsrc: v.optional(v.string()),
  metric: v.optional(v.number()),
  /** The table by number or name; absent for the table `main`. */
  table: v.optional(v.union([v.string(), v.number()])),
  metrics: v.optional(v.array(v.object({ mtu: v.optional(v.number()) }))),
  flags: v.optional(v.array(v.string())),
});
const ROUTES = v.array(ROUTE);
