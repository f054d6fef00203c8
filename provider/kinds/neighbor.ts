import * as v from "valibot";
import { parseIp } from "../cidr.ts";
import { exclusiveClaims } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import { dev, ip, showLink } from "../kernel/tools/ip.ts";
import { type NeighborEntry, showNeighbor } from "../kernel/tools/neigh.ts";
import { type Kind, type Observed, onInterface, placeId } from "../kind.ts";
import { args, changes, field, rule } from "../schema.ts";
import { observedOnly } from "../value.ts";
import { flag, interfaceName, ip as ipAddress, mac, namespaceName } from "../values.ts";
import { PROTOCOL } from "./route.ts";
import { markOfPlace, stateOfOthers } from "./route-owner.ts";

const fields = args({
  interface: field(interfaceName(), { replaces: true }),
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  address: field(ipAddress(), { replaces: true }),
  lladdr: v.optional(field(mac())),
  router: v.optional(field(flag()), false),
  proxy: v.optional(field(flag(), { replaces: true }), false),
  protocol: v.optional(
    field(observedOnly("the protocol of an equal entry of others in the kernel"), { setBySdk: true }),
  ),
});

type NeighborArgs = v.InferOutput<typeof fields>;

const lladdrUnlessProxy = rule<NeighborArgs, "lladdr" | "proxy">(["lladdr", "proxy"], ({ lladdr, proxy }) =>
  proxy === (lladdr === undefined)
    ? undefined
    : {
        at: "lladdr",
        why: proxy
          ? `"${lladdr}" cannot be used with proxy: the interface answers with its own MAC address`
          : "missing: a neighbour requires its MAC address; only with proxy: true it has none",
      },
);

const routerUnlessProxy = rule<NeighborArgs, "router" | "proxy">(["router", "proxy"], ({ router, proxy }) =>
  router && proxy
    ? { at: "router", why: "true cannot be used with proxy: a proxied address is not a router" }
    : undefined,
);

interface ObservedNeighbor extends Observed<NeighborArgs> {
  /** Whether this package has created the entry. */
  readonly isOurs: boolean;
}

export const neighbor: Kind<NeighborArgs, ObservedNeighbor> = {
  type: "Neighbor",
  schema: v.pipe(fields, lladdrUnlessProxy, routerUnlessProxy),
  ownership: "state",
  // The kernel rejects a second neighbour, but accepts a second proxied address.
  createOptimistically: ({ proxy }) => !proxy,
  id: ({ namespace, interface: link, address, proxy }) =>
    `${placeId(namespace, link)}/${address}${proxy ? "/proxy" : ""}`,
  argsOfImport: (id) => {
    const proxy = id.endsWith("/proxy");
    const [, place = "", address = ""] = /^(.+)\/([^/]+)$/.exec(proxy ? id.slice(0, -"/proxy".length) : id) ?? [];
    return parseIp(address) === undefined ? undefined : { ...onInterface(place), address, router: false, proxy };
  },
  claims: (args) => exclusiveClaims(`neighbor ${neighbor.id(args, "")}`),

  async observe(kernel, wanted, mark) {
    const { namespace } = wanted;
    const entry = await showNeighbor(kernel, namespace, wanted);
    if (entry === undefined) return undefined;
    const isOurs = entry.protocol === PROTOCOL;
    // An entry that the kernel has learned gives way.
    if (!isOurs && isLearned(entry)) return { state: undefined, mark, isOurs };
    const state = stateOf(entry, wanted);
    if (!isOurs) return { state: stateOfOthers(fields, state, wanted, entry), mark: undefined, isOurs };
    // The protocol is the same for all stacks.
    const loopback = await showLink(kernel, namespace, "lo");
    const on = { dev: wanted.interface, protocol: entry.protocol };
    return { state, mark: await markOfPlace(kernel, namespace, on, mark, loopback?.ifalias), isOurs };
  },

  plan({ seen, desired }) {
    if (desired === undefined) {
      if (seen?.state === undefined || !seen.isOurs) return [];
      return [{ run: neighborCommand("delete", seen.state), tolerate: ["absent"] }];
    }
    if (seen === undefined) return [{ run: neighborCommand("add", desired), undo: neighborCommand("delete", desired) }];
    const isRight = seen.isOurs && seen.state !== undefined && changes(fields, seen.state, desired).length === 0;
    return isRight ? [] : [{ run: neighborCommand("replace", desired) }];
  },
};

/** Returns whether the kernel resolved an entry by itself. */
const isLearned = ({ state }: NeighborEntry): boolean =>
  state !== undefined && !state.some((one) => one === "PERMANENT" || one === "NOARP");

function neighborCommand(verb: "add" | "replace" | "delete", given: NeighborArgs): Command {
  const { namespace, interface: link, address, lladdr, router, proxy } = given;
  return ip(
    namespace,
    "neigh",
    verb,
    ...(proxy ? ["proxy"] : []),
    address,
    ...(verb === "delete" || lladdr === undefined ? [] : ["lladdr", lladdr, "nud", "permanent"]),
    dev(link),
    ...(verb !== "delete" && router ? ["router"] : []),
    ...(verb === "delete" ? [] : ["protocol", PROTOCOL]),
  );
}

const stateOf = (
  { lladdr, router }: NeighborEntry,
  { namespace, interface: link, address, proxy }: NeighborArgs,
): NeighborArgs => ({
  interface: link,
  ...(namespace !== undefined && { namespace }),
  address,
  ...(lladdr !== undefined && { lladdr }),
  router: router !== undefined,
  proxy,
});
