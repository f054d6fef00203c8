import * as v from "valibot";
import { contains, familyOf } from "../cidr.ts";
import type { Claim } from "../claims.ts";
import { IPV6_MTU } from "../generations.ts";
import type { Link } from "../kernel/ip.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { isOfStack } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { hasUnknown, list, rule } from "../schema.ts";
import { interfaceAddress, ip } from "../values.ts";
import { type AddressArgs, address, seenOn } from "./address.ts";
import { entryOf, inOrderOf, isOn } from "./address-order.ts";
import type { At } from "./link.ts";
import { type RouteArgs, replaceRoute, route, type SeenRoute } from "./route.ts";

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
  /** The link; undefined where it does not exist. */
  readonly link: Link | undefined;
  readonly routes: readonly { readonly args: RouteArgs; readonly seen: SeenRoute | undefined }[];
}

/**
 * Looks at what a link carries, once the link itself has been looked at. Its default routes may exist without the link: over
 * another one.
 */
export async function observeCarried(
  kernel: Kernel,
  wanted: Carrier,
  link: Link | undefined,
  mark: string,
): Promise<Carried> {
  const look = async (args: RouteArgs) => ({ args, seen: await route.observe(kernel, args, mark) });
  return { link, routes: await Promise.all(routesOf(wanted).map(look)) };
}

/** The addresses and gateways of a link, in terms of its arguments. */
export function carriedState(wanted: Carrier, { link, routes }: Carried) {
  const found = addressesOf(wanted).filter((args) => link !== undefined && seenOn(link, args) !== undefined);
  const addresses = inOrderOf(
    link?.addr_info ?? [],
    found.map(({ address }) => address),
  );
  const gateways = routes.flatMap(({ args, seen }) => (isSo(args, seen) ? (args.via ?? []) : []));
  return { ...(addresses.length > 0 && { addresses }), ...(gateways.length > 0 && { gateways }) };
}

/** The names in the kernel of a link's addresses and routes. */
export const carriedClaims = (carrier: Carrier): Claim[] => [
  ...addressesOf(carrier).flatMap((args) => address.claims(args, "")),
  ...routesOf(carrier).flatMap((args) => route.claims(args, "")),
];

/** A link that carries addresses and routes as long as it is up and large enough. */
type CarryingLink = Carrier & { readonly up: boolean; readonly mtu?: number | undefined };

/** A change of what a link carries. */
export interface CarriedChange {
  /** The link as it was seen, with what it carried; undefined for a new one. */
  readonly seen?: CarryingLink | undefined;
  readonly carried?: Carried | undefined;
  readonly was?: Carrier | undefined;
  readonly desired: CarryingLink;
  readonly mark: string;
}

/** Brings a link's addresses and default routes to the desired ones. Those that others have put on the link stay. */
export function carry({ seen, carried, was, desired, mark }: CarriedChange): Plan {
  // A link that is switched off or on loses routes and IPv6 addresses, so those that were seen are gone by now.
  const link = seen?.up === desired.up && keepsIpv6(seen, desired) ? carried?.link : undefined;
  const [before, wanted] = [was ?? { name: desired.name }, desired];
  const gone = addressesOf(before).filter((old) => !addressesOf(wanted).some((own) => isSame(own, old)));
  const lost = routesOf(before).filter((old) => !routesOf(wanted).some((own) => idOf(own) === idOf(old)));
  const again = carried?.link === undefined ? [] : outOfOrder(carried.link, addressesOf(wanted), gone);
  return [
    ...lost.flatMap((args) => route.plan({ seen: OURS(args, mark), desired: undefined, mark })),
    ...again.flatMap((args) => address.plan({ seen: { state: args, mark, dependants: [] }, desired: undefined, mark })),
    // New addresses come before old ones go: with its last address a link loses all its routes.
    ...addressesOf(wanted).flatMap((args) => addAddress(args, again.length > 0 ? undefined : link)),
    ...gone.flatMap((args) => {
      const seen = carried?.link && seenOn(carried.link, args);
      return address.plan({ seen: seen && { ...seen, mark }, desired: undefined, mark });
    }),
    // A new address of an old one's network was the second there, and went with it.
    ...(gone.length === 0 ? [] : addressesOf(wanted).flatMap((args) => addAddress(args, undefined))),
    ...(again.length === 0 ? [] : othersOn(carried?.link, again).flatMap((args) => addAddress(args, undefined))),
    ...routesOf(wanted).flatMap((args) => addRoute(args, carried, link, mark)),
    // And where the first was the last for a moment, the link has lost its routes.
    ...(gone.length + again.length === 0 ? [] : routesOf(wanted).map(replaceRoute)),
  ];
}

const keepsIpv6 = ({ mtu: from = IPV6_MTU }: { mtu?: number | undefined }, { mtu: to = IPV6_MTU }): boolean =>
  from >= IPV6_MTU === to >= IPV6_MTU;

/**
 * The IPv4 addresses of a link that must be added again, all of them, because the kernel would have them in another order:
 * none where the order is right once the missing ones are added and the others are gone.
 */
function outOfOrder(link: Link, wanted: readonly AddressArgs[], gone: readonly AddressArgs[]): AddressArgs[] {
  const own = wanted.filter(({ address }) => familyOf(address) === "inet");
  const left = link.addr_info.filter((entry) => !gone.some((args) => isOn(entry, args)));
  const missing = own.filter((args) => !left.some((entry) => isOn(entry, args)));
  const texts = own.map(({ address }) => address);
  const order = inOrderOf([...left, ...missing.map(({ address }) => entryOf(address, left))], texts);
  if (String(order) === String(texts)) return [];
  return own.filter((args) => !missing.includes(args));
}

/** The other addresses that the kernel takes away with the first of their network. */
function othersOn(link: Link | undefined, again: readonly AddressArgs[]): AddressArgs[] {
  const seen = again.flatMap((args) => (link && seenOn(link, args)?.dependants) ?? []);
  return seen.filter((other) => !again.some((own) => own.address === other.address));
}

function addAddress(args: AddressArgs, link: Link | undefined): Plan {
  if (link !== undefined && seenOn(link, args) !== undefined) return [];
  return ifLost(address.plan({ seen: undefined, desired: args, mark: "" }));
}

/** Adds what may be there still. */
const ifLost = (plan: Plan): Plan => plan.map((step) => ({ ...step, tolerate: ["exists"] }));

/**
 * Adds a default route, in the place of another that the stack has made or that lies on one of its links. A link that was
 * switched may have kept its route or lost it.
 */
function addRoute(args: RouteArgs, carried: Carried | undefined, link: Link | undefined, mark: string): Plan {
  const seen = carried?.routes.find((one) => idOf(one.args) === idOf(args))?.seen;
  if (seen !== undefined && !seen.onOwnLink && !isOfStack(seen.mark, mark)) throw new Error(foreign(args));
  return seen !== undefined && link === undefined
    ? [replaceRoute(args)]
    : route.plan({ seen, desired: args, mark, atHome: true });
}

/** A route that the stack has made. */
const OURS = (args: RouteArgs, mark: string): SeenRoute => ({
  state: args,
  mark,
  byUs: true,
  onOwnLink: false,
  note: undefined,
});

/** Whether a route is there as wanted, and ours. */
const isSo = (args: RouteArgs, seen: SeenRoute | undefined): boolean =>
  seen?.byUs === true && seen.state?.via === args.via && seen.state?.interface === args.interface;

const idOf = (args: RouteArgs): string => route.id(args, "");

const foreign = (args: RouteArgs): string =>
  `${args.interface} cannot have the default route via ${args.via}: there is one already and nothing marks it as made by pulumi-netns.\n` +
  `  what to do: remove that one, or declare this one as a Route with another metric`;

const isSame = (left: object, right: object): boolean => JSON.stringify(left) === JSON.stringify(right);

const addressesOf = ({ name, namespace, addresses = [] }: Carrier): AddressArgs[] =>
  addresses.map((address) => ({ interface: name, namespace, address }));

const routesOf = ({ name, namespace, gateways = [] }: Carrier): RouteArgs[] =>
  gateways.map((via) => {
    const args: RouteArgs = {
      namespace,
      destination: "default",
      type: "unicast",
      via,
      interface: name,
      table: 254,
      onlink: false,
    };
    return route.complete?.(args, "") ?? args;
  });
