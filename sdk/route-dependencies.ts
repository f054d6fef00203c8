import * as pulumi from "@pulumi/pulumi";
import { cidr, contains } from "../provider/cidr.ts";
import { type InterfaceRef, originOf } from "./interface.ts";
import { isAtHome, type Place } from "./place.ts";
import { program } from "./program.ts";

/** An address that the program has declared. */
interface DeclaredAddress {
  readonly resource: pulumi.Resource;
  readonly link: InterfaceRef;
  readonly place: Place;
  readonly address: pulumi.Input<string>;
  readonly peer: pulumi.Input<string> | undefined;
  /** The address without its prefix length, where a resource has it as an output. */
  readonly ip?: pulumi.Output<string>;
}

/** A route that the program has declared. */
interface DeclaredRoute {
  readonly resource: pulumi.Resource;
  readonly place: Place;
  readonly destination: pulumi.Input<string>;
}

/** The arguments of a route that say where its packets go first. */
export interface FirstHop {
  readonly link: InterfaceRef | undefined;
  readonly place: Place;
  readonly via: pulumi.Input<string> | undefined;
}

/** Notes an address, for the routes that come after it. */
export function noteAddress(declared: DeclaredAddress): void {
  add(addresses, declared);
}

/** Notes the addresses that a link carries. In a list that is not known yet, any address may stand. */
export function noteAddresses(
  on: Pick<DeclaredAddress, "resource" | "link" | "place">,
  list: pulumi.Input<pulumi.Input<string>[]> = [],
): void {
  const known = Array.isArray(list) ? list : [pulumi.output(list).apply(([first]) => first ?? "")];
  for (const address of known) noteAddress({ ...on, address, peer: undefined });
}

/** Notes a route, for the routes whose gateway it leads to. */
export function noteRoute(declared: DeclaredRoute): void {
  add(routes, declared);
}

/**
 * The addresses that a route rests on: those of its interface, and those in whose network its gateway is. The kernel
 * takes a route only when they exist, and drops it with the last of them. Where the values are not known before the program
 * has run, the route rests on the address.
 *
 * Only addresses that were declared before the route count, so that no two resources wait for each other.
 */
export const addressesUnder = ({ link, place, via }: FirstHop): readonly DeclaredAddress[] =>
  all(addresses).filter(
    (declared) =>
      samePlace(declared.place, place) &&
      (link === undefined || sameLink(declared, link)) &&
      (via === undefined || mayContain(declared, via)),
  );

/** The addresses that may be a route's source: the kernel takes the route only with one of them, and drops it with that. */
export function addressesOfSource(place: Place, source: pulumi.Input<string> | undefined): readonly DeclaredAddress[] {
  if (source === undefined) return [];
  const here = all(addresses).filter((declared) => samePlace(declared.place, place));
  const exact = here.filter((declared) => declared.ip === source);
  return exact.length > 0 ? exact : here.filter(({ address }) => mayBe(address, source));
}

/** The routes, other than default routes, that lead to a gateway. */
export const routesTo = (place: Place, via: pulumi.Input<string> | undefined): readonly DeclaredRoute[] =>
  via === undefined
    ? []
    : all(routes).filter(
        ({ place: other, destination }) =>
          samePlace(other, place) &&
          typeof destination === "string" &&
          typeof via === "string" &&
          contains(destination, via),
      );

// Several programs may run in one process, one after the other or at once; each has declarations of its own.
const addresses = new WeakMap<object, DeclaredAddress[]>();
const routes = new WeakMap<object, DeclaredRoute[]>();

const all = <T>(declared: WeakMap<object, T[]>): readonly T[] => declared.get(program()) ?? [];

function add<T>(declared: WeakMap<object, T[]>, one: T): void {
  const known = declared.get(program());
  if (known === undefined) declared.set(program(), [one]);
  else known.push(one);
}

function samePlace(left: Place, right: Place): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined) return false;
  if (isAtHome(left) && isAtHome(right)) return false;
  return mayEqual(left, right);
}

function sameLink({ link, place }: DeclaredAddress, other: InterfaceRef): boolean {
  const [left, right] = [originOf(link, place), originOf(other, place)];
  if (left !== undefined && right !== undefined) return left === right;
  return mayEqual(link, other);
}

// Two plain texts differ or not; a value that is not known yet may turn out to be the same.
const mayEqual = (left: unknown, right: unknown): boolean =>
  typeof left !== "string" || typeof right !== "string" || left === right;

const mayBe = (address: pulumi.Input<string>, source: pulumi.Input<string>): boolean =>
  typeof address !== "string" || typeof source !== "string" || address.split("/")[0] === source;

function mayContain({ address, peer }: DeclaredAddress, via: pulumi.Input<string>): boolean {
  if (peer !== undefined || typeof address !== "string" || typeof via !== "string") return true;
  return cidr(address) === undefined || contains(address, via);
}
