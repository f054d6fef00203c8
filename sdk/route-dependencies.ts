import * as pulumi from "@pulumi/pulumi";
import { cidr, contains, withoutPrefixLength } from "../provider/cidr.ts";
import { digest } from "../provider/owner.ts";
import { type InterfaceRef, originOf } from "./interface.ts";
import { mayBeSamePlace, type Place } from "./place.ts";
import { perProgram } from "./program.ts";

/** A declared address. */
interface DeclaredAddress {
  readonly resource: pulumi.Resource;
  readonly link: InterfaceRef;
  readonly place: Place;
  readonly address: pulumi.Input<string>;
  readonly peer: pulumi.Input<string> | undefined;
  /** The address without its prefix length, if a resource has it as an output. */
  readonly ip?: pulumi.Output<string>;
}

/** A declared route. */
interface DeclaredRoute {
  readonly resource: pulumi.Resource;
  readonly place: Place;
  readonly destination: pulumi.Input<string>;
  /** Whether it has no gateway, so that its destinations count as neighbours. */
  readonly isOnLink: boolean;
}

/** A declared next hop object. */
interface DeclaredNexthop {
  readonly resource: pulumi.Resource & { readonly nhid: pulumi.Output<number> };
  readonly place: Place;
  readonly nhid: pulumi.Input<number>;
}

/** The arguments of a route that determine its first hop. */
export interface FirstHop {
  readonly link: InterfaceRef | undefined;
  readonly place: Place;
  readonly via: pulumi.Input<string> | undefined;
}

/** Records an address for the routes that are declared after it. */
export function recordAddress(declared: DeclaredAddress): void {
  addresses().push(declared);
}

/** Records the addresses of a link. A list that is not known yet may contain any address. */
export function recordAddresses(
  on: Pick<DeclaredAddress, "resource" | "link" | "place">,
  list: pulumi.Input<pulumi.Input<string>[]> = [],
): void {
  const known = Array.isArray(list) ? list : [pulumi.output(list).apply(firstOf)];
  for (const address of known) recordAddress({ ...on, address, peer: undefined });
}

/** Returns the first address of a list. A program without types may give any value. */
const firstOf = (list: unknown): string => (Array.isArray(list) ? String(list[0] ?? "") : "");

/** Records a route for the routes whose gateway is reached through it. */
export function recordRoute(declared: DeclaredRoute): void {
  routes().push(declared);
}

/**
 * Returns the addresses that a route depends on: those of its interface, and those whose network contains its gateway. The kernel
 * accepts a route only if they exist, and deletes it with the last of them. If the values are not known before the program has run,
 * the route depends on the address.
 *
 * Only addresses that are declared before the route count, so that there are no dependency cycles.
 */
export const addressesUnder = ({ link, place, via }: FirstHop): readonly DeclaredAddress[] =>
  addresses().filter(
    (declared) =>
      mayBeSamePlace(declared.place, place) &&
      (link === undefined || sameLink(declared, link)) &&
      (via === undefined || mayContain(declared, via)),
  );

/**
 * Returns the addresses of a place if neither they nor a route lead to a gateway. The route is created after them: if an address that led
 * to the gateway is removed in the same run, the kernel refuses the route. Otherwise it would delete the route with the address.
 */
export const addressesBefore = ({ place, via, link }: FirstHop): readonly DeclaredAddress[] =>
  via === undefined || addressesUnder({ place, via, link }).length > 0 || routesTo(place, via).length > 0
    ? []
    : addressesUnder({ place, via: undefined, link: undefined });

/** Returns the addresses that may be a route's source. The kernel requires the source address, and deletes the route with it. */
export function addressesOfSource(place: Place, source: pulumi.Input<string> | undefined): readonly DeclaredAddress[] {
  if (source === undefined) return [];
  const here = addresses().filter((declared) => mayBeSamePlace(declared.place, place));
  const exact = here.filter((declared) => declared.ip === source);
  return exact.length > 0 ? exact : here.filter(({ address }) => mayBe(address, source));
}

/**
 * Returns the routes through which a gateway is reached. A default route without a gateway is one of them if the gateway is in no network
 * of an address.
 */
export function routesTo(place: Place, via: pulumi.Input<string> | undefined): readonly DeclaredRoute[] {
  if (typeof via !== "string") return [];
  const isFar = addressesUnder({ place, via, link: undefined }).length === 0;
  return routes().filter(
    ({ place: other, destination, isOnLink }) =>
      mayBeSamePlace(other, place) &&
      typeof destination === "string" &&
      (contains(destination, via) || (destination === "default" && isOnLink && isFar)),
  );
}

/** Records a next hop object, for the routes and groups that name its number. */
export const recordNexthop = (nexthop: DeclaredNexthop): void => void nexthops().push(nexthop);

/**
 * Returns the next hop objects that a route or a member of a group names: as an object, or by its number, which is given as such or as the
 * output of the object. By its number, only one that is declared before is found.
 */
export function nexthopsNamed(
  place: Place,
  {
    nexthop,
    nhid,
  }: { readonly nexthop?: pulumi.Resource | undefined; readonly nhid?: pulumi.Input<number> | undefined },
): readonly { readonly resource: pulumi.Resource }[] {
  if (nexthop !== undefined) return [{ resource: nexthop }];
  if (nhid === undefined) return [];
  return nexthops().filter(
    (one) => one.resource.nhid === nhid || (one.nhid === nhid && mayBeSamePlace(one.place, place)),
  );
}

/**
 * Returns the inputs by which a route or a group follows its next hop objects: if another one takes the number of one that goes, the kernel
 * may have deleted the route, or the member of the group, with the former.
 */
export const nexthopTies = (named: readonly { readonly resource: pulumi.Resource }[]): pulumi.Output<string>[] =>
  named.map(({ resource }) => resource.urn.apply((urn) => `nexthop:${digest(urn)}`));

const nexthops = perProgram((): DeclaredNexthop[] => []);
const addresses = perProgram((): DeclaredAddress[] => []);
const routes = perProgram((): DeclaredRoute[] => []);

function sameLink({ link, place }: DeclaredAddress, other: InterfaceRef): boolean {
  const [left, right] = [originOf(link, place), originOf(other, place)];
  if (left !== undefined && right !== undefined) return left === right;
  return mayEqual(link, other);
}

// Plain strings can be compared; a value that is not known yet may turn out to be equal.
const mayEqual = (left: unknown, right: unknown): boolean =>
  typeof left !== "string" || typeof right !== "string" || left === right;

const mayBe = (address: pulumi.Input<string>, source: pulumi.Input<string>): boolean =>
  typeof address !== "string" || typeof source !== "string" || withoutPrefixLength(address) === source;

function mayContain({ address, peer }: DeclaredAddress, via: pulumi.Input<string>): boolean {
  if (peer !== undefined || typeof address !== "string" || typeof via !== "string") return true;
  return cidr(address) === undefined || contains(address, via);
}
