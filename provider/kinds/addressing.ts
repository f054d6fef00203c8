import { familyOf } from "../cidr.ts";
import type { Claim } from "../claims.ts";
import { KernelOwnedError } from "../existing-object.ts";
import { IPV6_MTU } from "../generations.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { dev, ip, type Link, MAIN_TABLE } from "../kernel/tools/ip.ts";
import { UserError } from "../message.ts";
import { isOfStack } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { address, isPermanentOn } from "./address.ts";
import type { AddressArgs } from "./address-args.ts";
import { isReordered, planAddresses } from "./address-changes.ts";
import { cidrOf, inOrderOf } from "./address-order.ts";
import type { LinkAddressing } from "./addressing-args.ts";
import { isExpressible } from "./imported-addressing.ts";
import { type LinkPlace, linkMark } from "./link.ts";
import type { ObservedNetem } from "./link-netem.ts";
import { type ObservedRoute, PROTOCOL, type RouteArgs, replaceRoute, route } from "./route.ts";
import { removeRouteNote } from "./route-owner.ts";

/*
 * A link resource may include its addresses, default routes, and routes over the link itself. They correspond to separate Address and Route resources, but
 * are created and deleted with the link, in one resource.
 */

/** The observed addresses and default routes of a link, as far as they are wanted. */
export interface ObservedAddressing {
  /** The link; undefined where it does not exist. */
  readonly link: Link | undefined;
  /** Whether the change of the link's master takes the link down and up. */
  readonly cycles?: boolean;
  /** The link's netem, or the qdisc that is in its way. */
  readonly netem?: ObservedNetem | undefined;
  readonly routes: readonly { readonly args: RouteArgs; readonly seen: ObservedRoute | undefined }[];
}

/**
 * Observes the default routes of a link that has been queried already. The routes may exist without the link: over another
 * link.
 */
export async function observeAddressing(
  kernel: KernelClient,
  wanted: LinkAddressing,
  link: Link | undefined,
  mark: string,
): Promise<ObservedAddressing> {
  const look = async (args: RouteArgs) => ({ args, seen: await route.observe(kernel, args, mark) });
  return { link, routes: await Promise.all(routesOf(wanted).map(look)) };
}

/** Returns the addresses and gateways of a link, in terms of its arguments. */
export function addressingState(wanted: LinkAddressing, { link, routes }: ObservedAddressing) {
  const found = addressesOf(wanted).filter((args) => link !== undefined && isPermanentOn(link, args));
  const addresses = inOrderOf(
    link?.addr_info ?? [],
    found.map(({ address }) => address),
  );
  const gateways = routes.flatMap(({ args, seen }) => (isAsWanted(args, seen) ? (args.via ?? []) : []));
  return {
    ...(addresses.length > 0 && { addresses }),
    ...(gateways.length > 0 && { gateways }),
    // The routes were queried in this table.
    ...(wanted.gatewayTable !== undefined && { gatewayTable: wanted.gatewayTable }),
  };
}

/** Returns the observed default routes, without those over links that are deleted first: these routes are deleted with them. */
export const routesOnOthers = ({ routes }: ObservedAddressing, deleted: readonly LinkPlace[]): ObservedAddressing => ({
  link: undefined,
  routes: routes.filter(
    ({ args, seen }) =>
      !deleted.some(({ namespace, name }) => namespace === args.namespace && name === seen?.state?.interface),
  ),
});

/** Returns whether all routes over a link itself exist as wanted. */
export const areRouted = ({ routes }: ObservedAddressing): boolean =>
  routes.every(({ args, seen }) => args.via !== undefined || isAsWanted(args, seen));

/** Returns the claims of a link's addresses and routes. */
export const addressingClaims = (link: LinkAddressing): Claim[] => [
  ...addressesOf(link).flatMap((args) => address.claims(args, "")),
  ...routesOf(link).flatMap((args) =>
    route.claims(args, "").map((claim) => (args.via === undefined ? claim : { ...claim, help: NO_METRIC })),
  ),
];

const NO_METRIC =
  "gateways have no metric: remove one of them, and declare its default route as a Route with a metric, e.g. 100, or give a link another " +
  "gatewayTable";

/** A link with addresses and routes, which exist as long as it is up and its MTU is large enough. */
type AddressedLink = LinkAddressing & { readonly up: boolean; readonly mtu?: number | undefined };

/** A change of a link's addresses and default routes. */
export interface AddressingChange {
  /** The observed link with its addresses and gateways; undefined for a new one. */
  readonly seen?: AddressedLink | undefined;
  readonly addressing?: ObservedAddressing | undefined;
  readonly was?: LinkAddressing | undefined;
  readonly desired: AddressedLink;
  readonly mark: string;
}

/**
 * Plans the change of a link's addresses and default routes to the desired ones. Those that others have added stay, except on a link
 * whose state was lost: there it is unknown which the link had, so all go that its arguments can express.
 */
export function planAddressing({ seen, addressing, was: known, desired, mark }: AddressingChange): Plan {
  const there = addressing?.link;
  const isLost = known === undefined && isOwnLink(there, desired, mark);
  const was = isLost ? { ...desired, addresses: there?.addr_info.filter(isExpressible).map(cidrOf) } : known;
  // A link that goes down or up loses routes and IPv6 addresses, so the observed ones no longer exist.
  const link = seen?.up === desired.up && !addressing?.cycles && keepsIpv6(seen, desired) ? there : undefined;
  const [before, wanted] = [was ?? { name: desired.name }, desired];
  const gone = addressesOf(before).filter((old) => !addressesOf(wanted).some((own) => isSame(own, old)));
  const lost = routesOf(before).filter((old) => !routesOf(wanted).some((own) => routeId(own) === routeId(old)));
  const isReordering = there !== undefined && isReordered(there, addressesOf(wanted), gone);
  return [
    ...(isLost && there !== undefined ? flushDefaultRoutes(there, desired) : []),
    ...lost.flatMap((args) => route.plan({ seen: ownRoute(args, mark), desired: undefined, mark })),
    ...planAddresses({ there, link, wanted: addressesOf(wanted), gone, mark }),
    ...routesOf(wanted).flatMap((args) => addRoute(args, addressing, link, mark)),
    // A link that has temporarily had no address has lost its routes.
    ...(gone.length > 0 || isReordering ? routesOf(wanted).map(replaceRoute) : []),
  ];
}

const isOwnLink = (link: Link | undefined, at: LinkPlace, mark: string): boolean =>
  link !== undefined && linkMark(at, link, mark) === mark;

/** Plans to delete our default routes over a link, in the families in which it has addresses and is to have no default route. */
const flushDefaultRoutes = ({ addr_info }: Link, { namespace, name, gateways = [] }: LinkAddressing): Plan =>
  (["inet", "inet6"] as const)
    .filter((family) => addr_info.filter(isExpressible).some((entry) => entry.family === family))
    .filter((family) => !gateways.some((via) => familyOf(via) === family))
    .map((family) => ({
      run: { ...ip(namespace, "route", "flush", "table", "all", "default", dev(name), "protocol", PROTOCOL), family },
    }));

const keepsIpv6 = ({ mtu: from = IPV6_MTU }: { mtu?: number | undefined }, { mtu: to = IPV6_MTU }): boolean =>
  from >= IPV6_MTU === to >= IPV6_MTU;

/**
 * Plans a default route, which replaces another that the stack has created or that leads over one of its links. A link that
 * went down or up may have kept or lost its route.
 */
function addRoute(
  args: RouteArgs,
  addressing: ObservedAddressing | undefined,
  link: Link | undefined,
  mark: string,
): Plan {
  const seen = addressing?.routes.find((one) => routeId(one.args) === routeId(args))?.seen;
  // The link is ours by now, also if it was taken over together with a route without a mark.
  const isOnThisLink = seen?.isOurs === false && seen.state?.interface === args.interface;
  if (seen !== undefined && !seen.onOwnLink && !isOnThisLink && !isOfStack(seen.mark, mark)) throw inTheWay(args, seen);
  return [
    ...(seen !== undefined && link === undefined
      ? [replaceRoute(args)]
      : route.plan({ seen: seen && { ...seen, note: undefined }, desired: args, mark, ownsPlace: true })),
    // The note of a Route that had this route: from now on the link names the owner.
    ...(seen?.note === undefined ? [] : [removeRouteNote(args.namespace, seen.note)]),
  ];
}

/** Returns an observed route that the stack has created. */
const ownRoute = (args: RouteArgs, mark: string): ObservedRoute => ({
  state: args,
  mark,
  isOurs: true,
  onOwnLink: false,
  note: undefined,
});

/** Returns whether a route exists as wanted and is ours. */
const isAsWanted = (args: RouteArgs, seen: ObservedRoute | undefined): boolean =>
  seen?.isOurs === true && seen.state?.via === args.via && seen.state?.interface === args.interface;

const routeId = (args: RouteArgs): string => route.id(args, "");

/** Returns the error about a route that is in the place of one of a link. */
function inTheWay({ destination, via, interface: link }: RouteArgs, { kernelLink }: ObservedRoute): UserError {
  const object = via === undefined ? `route to ${destination} over ${link}` : `default route via ${via} of ${link}`;
  if (kernelLink !== undefined) return new KernelOwnedError(object, kernelLink);
  const other = via === undefined ? "another route to it" : "another default route";
  return new UserError(
    `${object} cannot be added: ${other} already exists and is not managed by pulumi-netns`,
    "delete that route, or declare this one as a Route with another metric",
  );
}

const isSame = (left: object, right: object): boolean => JSON.stringify(left) === JSON.stringify(right);

const addressesOf = ({ name, namespace, addresses = [] }: LinkAddressing): AddressArgs[] =>
  addresses.map((address) => ({ interface: name, namespace, address }));

function routesOf(link: LinkAddressing): RouteArgs[] {
  const { name, namespace, gateways = [], gatewayTable: table = MAIN_TABLE, destinations = [] } = link;
  const over = { namespace, type: "unicast", interface: name, table, onlink: false } as const;
  const all = [
    ...gateways.map((via): RouteArgs => ({ ...over, destination: "default", via })),
    ...destinations.map((destination): RouteArgs => ({ ...over, destination })),
  ];
  return all.map((args) => route.applyDefaults?.(args, "") ?? args);
}
