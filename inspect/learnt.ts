import type { KernelClient } from "../provider/kernel/kernel.ts";
import { type RouteEntry, showAllRoutes, showLinks } from "../provider/kernel/tools/ip.ts";
import { inParallel } from "./parallel.ts";
import type { StackView } from "./stack.ts";
import { hostsOf } from "./stack-hosts.ts";

/*
 * Addresses and routes that are not the program's but a protocol's: of DHCP, of a router that announces itself, or of a routing daemon.
 */

/** An address that expires unless DHCP or a router renews it. */
export interface LearntAddress {
  /** The namespace. */
  readonly place: string;
  /** The name of the interface. */
  readonly link: string;
  /** The address with its prefix length. */
  readonly address: string;
  /** The seconds until it expires. */
  readonly seconds: number;
}

/** A route that a protocol has set. */
export interface LearntRoute {
  /** The namespace. */
  readonly place: string;
  /** The protocol, such as `dhcp`, `ra` or `bgp`. */
  readonly protocol: string;
  /** Its destination and gateways, such as `default via 10.0.0.1`. */
  readonly text: string;
}

/** The addresses and routes of the namespaces of a stack that protocols have set. */
export interface Learnt {
  readonly addresses: readonly LearntAddress[];
  readonly routes: readonly LearntRoute[];
}

/** Returns the addresses that DHCP or a router has set in the namespaces of a stack. */
export const leasesIn = async (kernel: KernelClient, view: StackView): Promise<LearntAddress[]> =>
  (await inParallel(placesOf(view), (place) => leasesOf(kernel, place))).flat();

/** Returns the addresses and routes that protocols have set in the namespaces of a stack. */
export async function learntIn(kernel: KernelClient, view: StackView): Promise<Learnt> {
  const places = placesOf(view);
  const [addresses, routes] = await Promise.all([
    leasesIn(kernel, view),
    inParallel(places, (place) => routesOf(kernel, place)),
  ]);
  return { addresses, routes: routes.flat() };
}

const placesOf = (view: StackView): string[] => hostsOf(view).flatMap(({ namespace }) => namespace ?? []);

async function leasesOf(kernel: KernelClient, place: string): Promise<LearntAddress[]> {
  const links = (await showLinks(kernel, place)) ?? [];
  return links.flatMap(({ ifname, addr_info }) =>
    addr_info
      .filter(({ dynamic, scope = "global" }) => dynamic === true && scope === "global")
      .map(({ local, prefixlen, valid_life_time: seconds = 0 }) => ({
        ...{ place, link: ifname, address: `${local}/${prefixlen}`, seconds },
      })),
  );
}

async function routesOf(kernel: KernelClient, place: string): Promise<LearntRoute[]> {
  const routes = (await showAllRoutes(kernel, place)) ?? [];
  return routes.flatMap((route) =>
    DECLARED.has(route.protocol ?? "boot") ? [] : [{ place, protocol: route.protocol ?? "", text: routeText(route) }],
  );
}

/** The protocols of routes that the kernel, a person or this package has set. */
const DECLARED: ReadonlySet<string> = new Set(["kernel", "boot", "static", "201", "redirect"]);

function routeText({ type, dst, dev, table, nexthops, ...hop }: RouteEntry): string {
  const gateways = (nexthops ?? [hop]).flatMap(({ gateway, via }) => gateway ?? via?.host ?? []);
  return [
    ...(type === "unicast" ? [] : [type]),
    dst,
    ...(gateways.length > 0 ? [`via ${gateways.join(", ")}`] : dev === undefined ? [] : [`dev ${dev}`]),
    ...(table === undefined || table === "main" ? [] : [`table ${table}`]),
  ].join(" ");
}
