import * as v from "valibot";
import { contains, familyOf } from "../cidr.ts";
import type { Link } from "../kernel/ip.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Observed } from "../kind.ts";
import type { Plan } from "../plan.ts";
import { hasUnknown, list, rule } from "../schema.ts";
import { interfaceAddress, ip } from "../values.ts";
import { type AddressArgs, address, seenOn } from "./address.ts";
import type { At } from "./link.ts";
import { type RouteArgs, route } from "./route.ts";

/*
 * A link may carry its addresses and default routes itself. They are what an Address and a Route of their own would be,
 * only that they come and go with the link, in one resource.
 */

/** The addresses that a link carries. */
export const addresses = () =>
  v.optional(list(interfaceAddress(), `a list of addresses with their prefix lengths, e.g. ["192.168.15.1/24"]`));

/** The gateways of the default routes that go over a link. */
export const gateways = () => v.optional(list(ip(), `a list of gateways' addresses, e.g. ["192.168.15.5"]`));

/** A link's place, and what it carries. */
export interface Carrier extends At {
  readonly addresses?: readonly string[] | undefined;
  readonly gateways?: readonly string[] | undefined;
}

/** Gateways are of use only where the link can reach them, and one of each family is enough. */
export const reachable = <Args extends Carrier & { readonly up: boolean }>() =>
  rule<Args, "addresses" | "gateways" | "up">(
    ["addresses", "gateways", "up"],
    ({ addresses = [], gateways = [], up }) => {
      if (hasUnknown([addresses, gateways])) return undefined;
      const fault = faultOf(addresses, gateways, up);
      return fault === undefined ? undefined : { at: "gateways", why: fault };
    },
  );

function faultOf(addresses: readonly string[], gateways: readonly string[], up: boolean): string | undefined {
  const [first, second] = gateways;
  if (first !== undefined && !up) return `"${first}" cannot be reached over a link that is not up`;
  const rival = gateways.find((gateway, index) => gateways.findIndex((other) => sameFamily(other, gateway)) < index);
  if (rival !== undefined && second !== undefined) {
    return `"${rival}" is the second gateway of its family; there is one default route of each`;
  }
  const far = gateways.find((gateway) => !isLinkLocal(gateway) && !addresses.some((own) => contains(own, gateway)));
  if (far === undefined) return undefined;
  return `"${far}" is in no network of the link's addresses; there are ${addresses.join(", ") || "none"}`;
}

const sameFamily = (left: string, right: string): boolean => familyOf(left) === familyOf(right);

// Every link with IPv6 is in the network of link-local addresses.
const isLinkLocal = (gateway: string): boolean => contains("fe80::/10", gateway);

/** What a link was seen to carry of what it is to carry. */
export interface Carried {
  readonly link: Link;
  readonly routes: readonly { readonly args: RouteArgs; readonly seen: Observed<RouteArgs> | undefined }[];
}

/** Looks at what a link carries, once the link itself has been looked at. */
export async function observeCarried(kernel: Kernel, wanted: Carrier, link: Link, mark: string): Promise<Carried> {
  const look = async (args: RouteArgs) => ({ args, seen: await route.observe(kernel, args, mark) });
  return { link, routes: await Promise.all(routesOf(wanted).map(look)) };
}

/** What a link carries, in terms of its arguments. */
export function carriedState(wanted: Carrier, { link, routes }: Carried) {
  const addresses = addressesOf(wanted).flatMap((args) => (seenOn(link, args) === undefined ? [] : args.address));
  const gateways = routes.flatMap(({ args, seen }) => (isSo(args, seen) ? (args.via ?? []) : []));
  return { ...(addresses.length > 0 && { addresses }), ...(gateways.length > 0 && { gateways }) };
}

/** How the names that a link's addresses and routes have in the kernel are told. */
export const carriedClaims = (carrier: Carrier): string[] => [
  ...addressesOf(carrier).flatMap((args) => address.claims(args, "")),
  ...routesOf(carrier).flatMap((args) => route.claims(args, "")),
];

/** A change of what a link carries. */
export interface CarriedChange {
  /** The link as it was seen, with what it carried; undefined for a new one. */
  readonly seen?: Carrier & { readonly up: boolean };
  readonly carried?: Carried | undefined;
  readonly was?: Carrier | undefined;
  readonly desired: Carrier & { readonly up: boolean };
  readonly mark: string;
}

/** Brings what a link carries to what it is to carry. What others have put on the link stays. */
export function carry({ seen, carried, was, desired, mark }: CarriedChange): Plan {
  // A link that is switched off or on loses routes and IPv6 addresses, so what was seen says nothing any more.
  const now = seen?.up === desired.up ? carried : undefined;
  const [before, wanted] = [was ?? { name: desired.name }, desired];
  const gone = addressesOf(before).filter((old) => !addressesOf(wanted).some((own) => isSame(own, old)));
  const lost = routesOf(before).filter((old) => !routesOf(wanted).some((own) => idOf(own) === idOf(old)));
  return [
    ...lost.flatMap((args) => route.plan({ seen: { state: args, mark }, desired: undefined, mark })),
    // New addresses come before old ones go: with its last address a link loses all its routes.
    ...addressesOf(wanted).flatMap((args) => addAddress(args, now)),
    ...gone.flatMap((args) => {
      const seen = carried && seenOn(carried.link, args);
      return address.plan({ seen: seen && { ...seen, mark }, desired: undefined, mark });
    }),
    // A new address of an old one's network was the second there, and went with it.
    ...(gone.length === 0 ? [] : addressesOf(wanted).flatMap((args) => addAddress(args, undefined))),
    ...routesOf(wanted).flatMap((args) => addRoute(args, now, mark)),
    // And where the first was the last for a moment, the link has lost its routes.
    ...(gone.length === 0
      ? []
      : routesOf(wanted).flatMap((args) => ifLost(route.plan({ seen: undefined, desired: args, mark })))),
  ];
}

function addAddress(args: AddressArgs, now: Carried | undefined): Plan {
  if (now !== undefined && seenOn(now.link, args) !== undefined) return [];
  return ifLost(address.plan({ seen: undefined, desired: args, mark: "" }));
}

/** Adds what may be there still. */
const ifLost = (plan: Plan): Plan => plan.map((step) => ({ ...step, tolerate: ["exists"] }));

function addRoute(args: RouteArgs, now: Carried | undefined, mark: string): Plan {
  const seen = now?.routes.find((one) => idOf(one.args) === idOf(args))?.seen;
  if (seen !== undefined && seen.mark === undefined) throw new Error(foreign(args));
  // What a link that is switched on had before may have been kept.
  return route.plan({ seen, desired: args, mark });
}

/** Whether a route is there as wanted, and ours. */
const isSo = (args: RouteArgs, seen: Observed<RouteArgs> | undefined): boolean =>
  seen?.mark !== undefined && seen.state?.via === args.via && seen.state?.interface === args.interface;

const idOf = (args: RouteArgs): string => route.id(args, "");

const foreign = (args: RouteArgs): string =>
  `${args.interface} cannot have the default route via ${args.via}: there is one already and nothing marks it as made by pulumi-netns.\n` +
  `  what to do: remove that one, or declare this one as a Route with another metric`;

const isSame = (left: object, right: object): boolean => JSON.stringify(left) === JSON.stringify(right);

const addressesOf = ({ name, namespace, addresses = [] }: Carrier): AddressArgs[] =>
  addresses.map((address) => ({ interface: name, namespace, address }));

const routesOf = ({ name, namespace, gateways = [] }: Carrier): RouteArgs[] =>
  gateways.map((via) => {
    const args: RouteArgs = { namespace, destination: "default", type: "unicast", via, interface: name, table: 254 };
    return route.complete?.(args, "") ?? args;
  });
