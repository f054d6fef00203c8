import * as v from "valibot";
import { NAMESPACE_FOLDER as NAMESPACE_FOLDER } from "../client/namespace-files.ts";
import type { Command, IpCommand } from "../command.ts";
import type { KernelClient } from "../kernel.ts";
import { runQuery } from "../query.ts";

/** A word of a command; `dev(name)` is the interface that the command concerns. */
export type Word = string | number | Device;

interface Device {
  readonly dev: string;
}

/** Returns the word for the interface that a command concerns. Names always follow their keyword and are never bare. */
export const dev = (name: string): Device => ({ dev: name });

/** Returns the command for a change by `ip`, in a namespace or on the lab host. */
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

/** Returns the command for a query by `ip`, with output in JSON where `ip` supports it. */
export const query = (...command: Parameters<typeof ip>): IpCommand => ({ ...ip(...command), query: true });

/**
 * Returns the word for a namespace where `ip` accepts its name or a process id. A numeric name is given as the path of its
 * file: if there is no such namespace, `ip` would use the process with that id.
 */
export const namespaceWord = (name: string): string =>
  /^[+]?(0x[0-9a-f]+|\d+)$/i.test(name) ? `${NAMESPACE_FOLDER}/${name}` : name;

/** A link as `ip -details address show` shows it. */
export type Link = v.InferOutput<typeof LINK>;

/** Queries one link with its addresses; undefined if the link or its namespace does not exist. */
export async function showLink(
  kernel: KernelClient,
  namespace: string | undefined,
  name: string,
): Promise<Link | undefined> {
  const links = await queryJson(kernel, LINKS, query(namespace, "address", "show", dev(name)));
  return links?.[0];
}

/** Returns the query for all links of a namespace with their addresses. */
export const linksCommand = (namespace: string | undefined): IpCommand => query(namespace, "address", "show");

/** Queries all links of a namespace with their addresses; undefined if the namespace does not exist. */
export const showLinks = (kernel: KernelClient, namespace: string | undefined): Promise<Link[] | undefined> =>
  queryJson(kernel, LINKS, linksCommand(namespace));

/** A namespace that has a name. */
export type NamedNamespace = v.InferOutput<typeof NAMESPACES>[number];

/** Queries the namespaces that `ip netns` lists, in the order of creation; none if the queried place does not exist. */
export const listNamespaces = async (kernel: KernelClient, place?: string): Promise<NamedNamespace[]> =>
  (await queryJson(kernel, NAMESPACES, query(place, "netns", "list"))) ?? [];

/** An address of a link as `ip address show` shows it. */
export type LinkAddress = v.InferOutput<typeof ADDRESS>;

/** A route as `ip -details route show` shows it. */
export type RouteEntry = v.InferOutput<typeof ROUTE>;

/** The routes to query. */
export interface RouteQuery {
  readonly family: "inet" | "inet6";
  readonly destination: string;
  readonly table: string;
}

/** Returns the query for the routes to exactly one destination. */
export const routesCommand = (
  namespace: string | undefined,
  { family, destination, table }: RouteQuery,
): IpCommand => ({
  ...query(namespace, "route", "show", "exact", destination, "table", table),
  family,
});

/** Queries the routes to exactly one destination; undefined if the namespace or the table does not exist. */
export const showRoutes = (
  kernel: KernelClient,
  namespace: string | undefined,
  query: RouteQuery,
): Promise<RouteEntry[] | undefined> => queryJson(kernel, ROUTES, routesCommand(namespace, query));

/** Queries the routes with a protocol, of both families and in all tables; undefined if the namespace does not exist. */
export const showRoutesOf = (
  kernel: KernelClient,
  namespace: string | undefined,
  protocol: string,
): Promise<RouteEntry[] | undefined> =>
  queryJson(kernel, ROUTES, query(namespace, "route", "show", "table", "all", "protocol", protocol));

/** Queries all routes of a place, of both families and in all tables; undefined if the namespace does not exist. */
export const showAllRoutes = (kernel: KernelClient, namespace: string | undefined): Promise<RouteEntry[] | undefined> =>
  queryJson(kernel, ROUTES, query(namespace, "route", "show", "table", "all"));

/** The number of the routing table `main`. */
export const MAIN_TABLE = 254;

/** Returns the number of a routing table that `ip` shows by its number or by its name; it does not show the table `main`. */
export const tableNumber = (table: string | number = "main"): number =>
  ({ default: 253, main: MAIN_TABLE, local: 255 })[table] ?? Number(table);

/** Runs a query of a tool and parses its JSON; see {@link runQuery}. */
export async function queryJson<S extends v.GenericSchema>(
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
  /** Whether a protocol such as DHCP has added the address, for a limited time. */
  dynamic: v.optional(v.boolean()),
  /** The seconds until the address expires; 2^32 - 1 for an address that does not. */
  valid_life_time: v.optional(v.number()),
});

const LINK = v.object({
  ifindex: v.number(),
  ifname: v.string(),
  /** The other end of a veth pair by name, when it is in the same namespace. */
  link: v.optional(v.nullable(v.string())),
  /** The other end's interface index, when it is in another namespace. */
  link_index: v.optional(v.number()),
  /** The id, in this place, of the namespace that the other end is in. */
  link_netnsid: v.optional(v.number()),
  flags: v.array(v.string()),
  mtu: v.number(),
  /** The kind of its queueing discipline, such as `noqueue` or `netem`. */
  qdisc: v.optional(v.string()),
  address: v.optional(v.string()),
  master: v.optional(v.string()),
  group: v.optional(v.string()),
  ifalias: v.optional(v.string()),
  altnames: v.optional(v.array(v.string())),
  linkinfo: v.optional(
    v.object({
      info_kind: v.optional(v.string()),
      /** The options of the link's kind, which differ between kinds. */
      info_data: v.optional(v.record(v.string(), v.unknown())),
      /** The kind of the link's master, and the settings of the link's membership. */
      info_slave_kind: v.optional(v.string()),
      info_slave_data: v.optional(v.record(v.string(), v.unknown())),
    }),
  ),
  addr_info: v.optional(v.array(ADDRESS), []),
});
const LINKS = v.array(LINK);

const NAMESPACES = v.array(
  v.object({
    name: v.string(),
    /** The id of the namespace in the queried place; absent if none of that place's links leads to it. */
    id: v.optional(v.number()),
  }),
);

// With all attributes: which of them arguments express is decided elsewhere.
const ROUTE = v.looseObject({
  type: v.optional(v.string(), "unicast"),
  dst: v.string(),
  gateway: v.optional(v.string()),
  /** A gateway of the other family. */
  via: v.optional(v.object({ family: v.string(), host: v.string() })),
  dev: v.optional(v.string()),
  /** The number of the next hop object that the route uses. */
  nhid: v.optional(v.number()),
  protocol: v.optional(v.string()),
  prefsrc: v.optional(v.string()),
  metric: v.optional(v.number()),
  /** The table by number or name; absent for the table `main`. */
  table: v.optional(v.union([v.string(), v.number()])),
  metrics: v.optional(v.array(v.looseObject({ mtu: v.optional(v.number()) }))),
  flags: v.optional(v.array(v.string())),
  /** The next hops of a multipath route, which has no gateway and device of its own. */
  nexthops: v.optional(
    v.array(
      v.looseObject({
        gateway: v.optional(v.string()),
        via: v.optional(v.object({ family: v.string(), host: v.string() })),
        dev: v.optional(v.string()),
        weight: v.optional(v.number(), 1),
        flags: v.optional(v.array(v.string())),
      }),
    ),
  ),
});
const ROUTES = v.array(ROUTE);
