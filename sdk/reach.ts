import * as pulumi from "@pulumi/pulumi";
import { cidr, contains } from "../provider/cidr.ts";
import { type InterfaceRef, originOf } from "./interface.ts";
import { endOf, type Place } from "./place.ts";

/** An address that the program has declared. */
interface Declared {
  readonly resource: pulumi.Resource;
  readonly link: InterfaceRef;
  readonly place: Place;
  readonly address: pulumi.Input<string>;
  readonly peer: pulumi.Input<string> | undefined;
}

/** What a route says of the way it takes. */
export interface Reach {
  readonly link: InterfaceRef | undefined;
  readonly place: Place;
  readonly via: pulumi.Input<string> | undefined;
}

/** Notes an address, for the routes that come after it. */
export function noteAddress(declared: Declared): void {
  const key = program();
  const all = addresses.get(key) ?? [];
  all.push(declared);
  addresses.set(key, all);
}

/** Notes the addresses that a link carries. Of a list that is not told yet, any address may come. */
export function noteAddresses(
  on: Pick<Declared, "resource" | "link" | "place">,
  addresses: pulumi.Input<pulumi.Input<string>[]> = [],
): void {
  const told = Array.isArray(addresses) ? addresses : [pulumi.output(addresses).apply(([first]) => first ?? "")];
  for (const address of told) noteAddress({ ...on, address, peer: undefined });
}

/**
 * The addresses that a route rests on: those of its interface, and those whose network its gateway is in. The kernel
 * takes a route only when they are there, and drops it with the last of them. What cannot be told before the program
 * has run is taken as resting on.
 *
 * Only addresses that were declared before the route count, so that no two resources can wait for each other.
 */
export function addressesUnder({ link, place, via }: Reach): readonly Declared[] {
  return (addresses.get(program()) ?? []).filter(
    (declared) =>
      samePlace(declared.place, place) &&
      (link === undefined || sameLink(declared.link, link)) &&
      (via === undefined || mayReach(declared, via)),
  );
}

// Several programs may run in one process, one after the other or at once; each has a stack resource of its own.
const addresses = new WeakMap<object, Declared[]>();
const noStack = {};
const program = (): object => pulumi.runtime.getStackResource() ?? noStack;

function samePlace(left: Place, right: Place): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined) return false;
  if (endOf(left) !== undefined && endOf(right) !== undefined) return false;
  return mayEqual(left, right);
}

function sameLink(left: InterfaceRef, right: InterfaceRef): boolean {
  if (originOf(left) !== undefined && originOf(right) !== undefined) return left === right;
  return mayEqual(left, right);
}

// Two names that are told differ or not; what is not told yet may turn out to be the same.
const mayEqual = (left: unknown, right: unknown): boolean =>
  typeof left !== "string" || typeof right !== "string" || left === right;

function mayReach({ address, peer }: Declared, via: pulumi.Input<string>): boolean {
  if (peer !== undefined || typeof address !== "string" || typeof via !== "string") return true;
  return cidr(address) === undefined || contains(address, via);
}
