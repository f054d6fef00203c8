import { factsOf } from "../lab/read.ts";
import { type Family, familyOf } from "../provider/cidr.ts";
import type { KernelClient } from "../provider/kernel/kernel.ts";
import { type RouteEntry, showAllRoutes, showLinks, tableNumber } from "../provider/kernel/tools/ip.ts";
import { placeId } from "../provider/kind.ts";
import { inParallel } from "./parallel.ts";
import { placeAt } from "./place.ts";
import type { StackView } from "./stack.ts";
import { hostOf, hostsOf, namespaceOf } from "./stack-hosts.ts";
import { unlessUnreachable } from "./unless-unreachable.ts";

/*
 * Addresses and routes in the namespaces of a stack that no resource declares: they were set by DHCP, by router advertisements, by a
 * routing daemon or by hand. Those of a lab host that cannot be reached are not known.
 */

/** An address that no resource declares. */
export interface UndeclaredAddress {
  /** The namespace. */
  readonly place: string;
  /** The name of the interface. */
  readonly link: string;
  /** The address with its prefix length. */
  readonly address: string;
  /** The seconds until it expires, if DHCP or a router has set it. */
  readonly seconds: number | undefined;
}

/** A route that no resource declares. */
export interface UndeclaredRoute {
  /** The namespace. */
  readonly place: string;
  /** The protocol, such as `dhcp`, `ra` or `bgp`; `boot` for a route that was set by hand. */
  readonly protocol: string;
  /** Undefined for a default route without a gateway, which may be of either. */
  readonly family: Family | undefined;
  /** Its destination and gateways, such as `default via 10.0.0.1`. */
  readonly text: string;
}

/** The addresses and routes in the namespaces of a stack that no resource declares. */
export interface Undeclared {
  readonly addresses: readonly UndeclaredAddress[];
  readonly routes: readonly UndeclaredRoute[];
}

/** Returns the addresses in the namespaces of a stack that no resource declares. */
export async function undeclaredAddresses(kernel: KernelClient, view: StackView): Promise<UndeclaredAddress[]> {
  const declared = declaredAddresses(view);
  const all = await inParallel(placesOf(view), (place) => addressesIn(kernel, place));
  return all.flat().filter(({ place, link, address }) => !declared.has(`${placeId(place, link)} ${address}`));
}

/** Returns the addresses and routes in the namespaces of a stack that no resource declares. */
export async function undeclaredIn(kernel: KernelClient, view: StackView): Promise<Undeclared> {
  const declared = declaredRoutes(view);
  const [addresses, routes] = await Promise.all([
    undeclaredAddresses(kernel, view),
    inParallel(placesOf(view), (place) => undeclaredRoutes(kernel, declared, place)),
  ]);
  return { addresses, routes: routes.flat() };
}

/**
 * Returns the routes in a namespace that neither the kernel nor this package has added. The first one in the place of a Route that is gone is
 * left out, since it is drift of that Route; one that was appended to a Route, with its destination and metric, is not.
 *
 * @param declared See {@link declaredRoutes}.
 */
export async function undeclaredRoutes(
  kernel: KernelClient,
  declared: ReadonlySet<string>,
  place: string,
): Promise<UndeclaredRoute[]> {
  const routes = (await unlessUnreachable(undefined, () => showAllRoutes(kernel, place))) ?? [];
  const groups = Map.groupBy(routes, ({ dst, table, metric = 0 }) => `${network(dst)} ${tableNumber(table)} ${metric}`);
  return [...groups].flatMap(([key, all]) => {
    const others = all.filter((route) => !OWN.has(protocolOf(route)));
    const isReplaced = declared.has(`${place} ${key}`) && others.length === all.length;
    return (isReplaced ? others.slice(1) : others).map((route) => ({
      ...{ place, protocol: protocolOf(route), family: familyOfRoute(route), text: routeText(route) },
    }));
  });
}

const placesOf = (view: StackView): string[] => hostsOf(view).flatMap((host) => placeAt(host) ?? []);

/** Returns the addresses of a state, each after the key of its interface. */
const declaredAddresses = ({ resources }: StackView): ReadonlySet<string> =>
  new Set(
    resources
      .flatMap((resource) => factsOf(resource, resource.outputs).map((fact) => ({ fact, host: hostOf(resource) })))
      .flatMap(({ fact, host }) => {
        const on = (link: string | null) => placeId(host, String(link));
        if (fact.is === "address") return [`${on(fact.link)} ${fact.address}`];
        return fact.is === "link" ? fact.addresses.map((address) => `${on(fact.key)} ${address}`) : [];
      }),
  );

/** Returns the Routes of a state, each by its namespace, destination, table and metric. */
export const declaredRoutes = ({ resources }: StackView): ReadonlySet<string> =>
  new Set(
    resources
      .filter(({ type }) => type === "Route")
      .map((resource) => {
        const { destination, table, metric } = resource.outputs;
        const place = placeAt({ host: hostOf(resource), namespace: namespaceOf(resource) });
        return [place, destination, table, metric].map(String).join(" ");
      }),
  );

/** Returns a destination as a Route has it; `ip` omits the prefix length of a single address. */
const network = (destination: string): string =>
  destination === "default" || destination.includes("/")
    ? destination
    : `${destination}/${familyOf(destination) === "inet" ? 32 : 128}`;

async function addressesIn(kernel: KernelClient, place: string): Promise<UndeclaredAddress[]> {
  const links = (await unlessUnreachable(undefined, () => showLinks(kernel, place))) ?? [];
  return links.flatMap(({ ifname: link, addr_info }) =>
    addr_info
      .filter(({ scope = "global" }) => scope === "global")
      .map(({ local, prefixlen, dynamic, valid_life_time }) => ({
        ...{ place, link, address: `${local}/${prefixlen}`, seconds: dynamic ? valid_life_time : undefined },
      })),
  );
}

/** Returns the protocol of a route; `ip` omits that of one that was set by hand. */
const protocolOf = ({ protocol = "boot" }: RouteEntry): string => protocol;

/** The protocols of routes that the kernel adds itself, and of the routes of this package (201). */
const OWN: ReadonlySet<string> = new Set(["kernel", "redirect", "201"]);

function familyOfRoute(route: RouteEntry): Family | undefined {
  if (route.dst !== "default") return familyOf(route.dst);
  const hops = route.nexthops ?? [route];
  // `via` is a gateway of the other family, which only a route of IPv4 has.
  if (hops.some(({ via }) => via !== undefined)) return "inet";
  const [gateway] = gatewaysOf(route);
  return gateway === undefined ? undefined : familyOf(gateway);
}

const gatewaysOf = ({ nexthops, ...hop }: RouteEntry): string[] =>
  (nexthops ?? [hop]).flatMap(({ gateway, via }) => gateway ?? via?.host ?? []);

function routeText(route: RouteEntry): string {
  const { type, dst, dev, table } = route;
  const gateways = gatewaysOf(route);
  return [
    ...(type === "unicast" ? [] : [type]),
    dst,
    ...(gateways.length > 0 ? [`via ${gateways.join(", ")}`] : dev === undefined ? [] : [`dev ${dev}`]),
    ...(table === undefined || table === "main" ? [] : [`table ${table}`]),
  ].join(" ");
}
