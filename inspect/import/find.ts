import { MissingError, SecretImportError } from "../../provider/errors.ts";
import { ForeignError } from "../../provider/existing-object.ts";
import { lifecycles } from "../../provider/host.ts";
import { MAIN_TABLE, type RouteEntry, showRoutesOf, tableNumber } from "../../provider/kernel/tools/ip.ts";
import { readSysctl } from "../../provider/kernel/tools/sysctl.ts";
import { parsePlaceId, placeId } from "../../provider/kind.ts";
import { allKinds, kindOf } from "../../provider/kind-of.ts";
import { argsOfEntry, route } from "../../provider/kinds/route.ts";
import { markOf } from "../../provider/owner.ts";
import { programArguments } from "../../provider/program-arguments.ts";
import { secretArguments } from "../../provider/schema.ts";
import { type Interface, listInterfaces, namespacesOf, peerOf } from "../interfaces.ts";
import type { LabHost } from "../lab-host.ts";
import { type Place, placeName } from "../place.ts";
import { resolveByName } from "../resolve-name.ts";
import type { FoundLab, FoundObject, LeftObject } from "./found.ts";
import { natRulesToImport } from "./nat-rules.ts";
import { withSecretValues } from "./secret-values.ts";

/** The objects to look for. */
export interface Search {
  /** The namespaces to search; all, and the lab host, if undefined. */
  readonly namespaces?: readonly string[] | undefined;
  /** The names of links that are taken although another program seems to have made them. */
  readonly named?: readonly string[] | undefined;
}

/**
 * Finds the namespaces, links, routes, NAT rules and forwarding switches of a lab. Hardware, the objects of stacks, and those of other software such
 * as Docker are left alone. Changes nothing.
 */
export async function findLab(host: LabHost, { namespaces, named = [] }: Search = {}): Promise<FoundLab> {
  const { kernel } = host;
  const left: LeftObject[] = [];
  const lives = lifecycles(kernel);
  const isSearched = (...places: Place[]) =>
    namespaces === undefined || places.some((place) => place !== undefined && namespaces.includes(place));

  const all = await namespacesOf(kernel);
  const known = new Map(all.map((name) => [name, name]));
  for (const name of namespaces ?? []) resolveByName("namespace", name, known, all, "the lab host");
  const spaces = await collect(
    all.filter((name) => isSearched(name)),
    (name) => taken(["Namespace"], name),
  );
  const links = await collect(linksToTake(await listInterfaces(host)), ({ ends }) =>
    taken(kindsWith(ends.length), ends.map(idOf).join(":")),
  );
  const places = [undefined, ...spaces.map(({ id }) => id)].filter((place) => isSearched(place));
  const routes = await collect(places, (place) => routesIn(place, links));
  const switches = await collect(places, switchesIn);
  // A switch or a rule of the lab host alone is no lab.
  const isLab = links.length + spaces.length > 0;
  const rules = isLab ? await collect(places, (place) => natRulesToImport(kernel, place, leave)) : [];
  return { found: isLab ? [...spaces, ...links, ...routes, ...switches, ...rules] : [], left };

  /** Returns the object with an id as a resource of the first of some kinds whose object it is. */
  async function taken(kinds: readonly string[], id: string): Promise<FoundObject[]> {
    for (const kind of kinds) {
      try {
        const { inputs } = (await lives.get(kind)?.import(id, NO_STACK)) ?? { inputs: {} };
        return [{ kind, id, inputs }];
      } catch (error) {
        if (error instanceof ForeignError) return leave(id, "it has the mark of a stack");
        if (error instanceof SecretImportError) return withSecrets(kind, id);
        if (!(error instanceof MissingError)) throw error;
      }
    }
    return leave(id, "no resource describes it");
  }

  /** Returns an object that has secrets, which the program reads from its configuration. */
  async function withSecrets(type: string, id: string): Promise<FoundObject[]> {
    const kind = kindOf(type);
    const args = kind.argsFromId?.(id);
    const seen = args && (await kind.observe(kernel, args, NO_STACK))?.state;
    const state = seen && { ...seen, ...(await kind.withContents?.(kernel, seen)) };
    if (state === undefined) return leave(id, "no resource describes it");
    const { namespace, name } = parsePlaceId(id);
    const inputs = programArguments(kind, state, NO_STACK) as FoundObject["inputs"];
    return [
      {
        kind: type,
        id,
        adopt: true,
        inputs: withSecretValues(inputs, secretArguments(kind.schema, state), namespace, name),
      },
    ];
  }

  function leave(what: string, why: string): [] {
    left.push({ what, why });
    return [];
  }

  /** Returns the links to take, a pair once, with the end in a namespace first. */
  function linksToTake(interfaces: readonly Interface[]): { readonly ends: readonly Interface[] }[] {
    return interfaces.flatMap((link) => {
      if (link.loopback) return [];
      const peer = link.kind === "veth" ? peerOf(interfaces, link) : undefined;
      const ends = peer === undefined ? [link] : [link, peer].toSorted(byPlace);
      if (ends[0] !== link || !isSearched(...ends.map(({ place }) => place))) return [];
      const why = reasonToLeave(link, peer);
      const isNamed = ends.some(({ name }) => named.includes(name));
      return why === undefined || (isNamed && link.kind !== undefined)
        ? [{ ends }]
        : leave(ends.map(idOf).join(":"), why);
    });
  }

  /** Returns the routes that a person has typed, except the default routes that belong to a link. */
  async function routesIn(place: Place, links: readonly FoundObject[]): Promise<FoundObject[]> {
    const entries = await Promise.all(["boot", "static"].map((protocol) => showRoutesOf(kernel, place, protocol)));
    return collect(
      entries.flatMap((some = []) => some),
      async (entry) => {
        const owners = linksOver(entry).map((dev) => ({
          dev,
          link: links.find((link) => endIn(link, place)?.["name"] === dev),
        }));
        const left = owners.find(({ link }) => link === undefined);
        const what = `route to ${entry.dst} in ${placeName(place)}`;
        if (left !== undefined) return leave(what, `its link ${left.dev} is left`);
        // A route of the lab host that drops packets is no part of a lab.
        if (owners.length === 0 && place === undefined) return leave(what, "it is over no link of a lab");
        if (owners.some(({ link }) => link && isGatewayOf(endIn(link, place), entry))) return [];
        return taken([route.type], route.id(argsOfEntry(entry, place), ""));
      },
    );
  }

  /** Returns the switches of a place that forward packets, if they are on. */
  async function switchesIn(place: Place): Promise<FoundObject[]> {
    return collect(FORWARDING, async (key) =>
      (await readSysctl(kernel, place, key))?.trim() === "1" ? taken(["Sysctl"], placeId(place, key)) : [],
    );
  }
}

/** Returns the names of the links over which a route leads; none for one that drops packets. */
const linksOver = ({ type, dev, nexthops }: RouteEntry): string[] =>
  type === "unicast" ? (nexthops?.map((hop) => hop.dev ?? "") ?? [dev ?? ""]) : [];

/** Returns whether a route is the default route through a gateway that is among the arguments of a link. */
function isGatewayOf(
  end: FoundObject["inputs"] | undefined,
  { dst, gateway = "", table, metric = 0 }: RouteEntry,
): boolean {
  const isUsual = tableNumber(table) === MAIN_TABLE && metric === (gateway.includes(":") ? 1024 : 0);
  const gateways = end?.["gateways"];
  return dst === "default" && isUsual && Array.isArray(gateways) && gateways.includes(gateway);
}

/** Returns the end of a link that is in a place, among its arguments; undefined if it has none there. */
export function endIn({ kind, inputs }: FoundObject, place: Place): Readonly<Record<string, unknown>> | undefined {
  const ends = "name" in inputs ? [inputs] : (Object.values(inputs) as FoundObject["inputs"][]);
  const isLink = kindOf(kind).interfaces !== undefined;
  return isLink ? ends.find((end) => end["namespace"] === place) : undefined;
}

/** Returns the kinds of links with a number of ends. */
const kindsWith = (ends: number): string[] =>
  allKinds.flatMap(({ type, interfaces, argsFromId }) =>
    argsFromId !== undefined && interfaces !== undefined && Object.keys(interfaces(argsFromId("x"))).length === ends
      ? [type]
      : [],
  );

function reasonToLeave({ kind, name }: Interface, peer: Interface | undefined): string | undefined {
  if (kind === undefined) return "it is hardware, or made by the system";
  if (OTHER_SOFTWARE.test(name) || OTHER_SOFTWARE.test(peer?.name ?? ""))
    return "its name is one that other software gives";
  return kind === "veth" && peer === undefined
    ? "its other end is in a place without a name, such as a container"
    : undefined;
}

/** The names of links that Docker, libvirt, Kubernetes, LXC and Podman make. */
const OTHER_SOFTWARE =
  /^(docker\d+|docker_gwbridge|br-[0-9a-f]{12}|virbr\d|vnet\d|cni\d|cni-podman|podman\d|flannel|cali|lxc)/;

const idOf = ({ place, name }: Interface): string => placeId(place, name);

// The end in a namespace comes first, as in the examples.
const byPlace = (one: Interface, other: Interface): number =>
  Number(one.place === undefined) - Number(other.place === undefined) || idOf(one).localeCompare(idOf(other));

const FORWARDING = ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"];

/** The mark of no stack, so that the objects of all stacks are refused. */
const NO_STACK = markOf({ project: "-", stack: "-", name: "", urn: "" });

/** Calls a function for each item, one after the other, and returns all results. */
async function collect<T, R>(items: readonly T[], work: (item: T) => Promise<readonly R[]>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(...(await work(item)));
  return results;
}
