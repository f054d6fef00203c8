import { familyOf, withoutPrefixLength } from "../cidr.ts";
import type { Command } from "../kernel/command.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { type RouteEntry, showRoutesOf } from "../kernel/tools/ip.ts";
import type { Step } from "../plan.ts";
import type { AddressArgs } from "./address-args.ts";
import type { LinkPlace } from "./link.ts";
import { addRoute, argsOfEntry, PROTOCOL, route, stateOf } from "./route.ts";

/* The routes of this package that the kernel deletes together with an address, or with a link. */

/**
 * Returns the names of this package's routes that the kernel deletes with an address: those with the address as their source,
 * and all of an interface if it is the last IPv4 address there.
 */
export async function routesLostWith(
  kernel: KernelClient,
  { namespace, interface: link, address }: AddressArgs,
  isLast: boolean,
): Promise<string[]> {
  const entries = (await showRoutesOf(kernel, namespace, PROTOCOL)) ?? [];
  const goes = (entry: RouteEntry) =>
    entry.prefsrc === withoutPrefixLength(address) ||
    (isLast && entry.dev === link && familyOf(address) === "inet" && isInet(entry));
  return entries.filter(goes).flatMap((entry) => namesOf(entry, namespace));
}

/** Returns the steps that add this package's IPv4 routes over an interface again, if they were deleted with an address. */
export async function routesOver(kernel: KernelClient, namespace: string | undefined, link: string): Promise<Step[]> {
  const entries = (await showRoutesOf(kernel, namespace, PROTOCOL)) ?? [];
  return entries
    .filter((entry) => entry.dev === link && isInet(entry))
    .flatMap((entry) => {
      const state = stateOf(entry, argsOfEntry(entry, namespace));
      // A route whose gateway was reachable only through the deleted address cannot be added again.
      return state === undefined ? [] : [{ ...addRoute(state), tolerate: ["exists", "failed"] as const }];
    });
}

/**
 * Returns the commands that add declared routes over links again after the links are deleted. Their gateways may then be reached
 * through another link, which a different resource has created with the same addresses.
 */
export async function routesThrough(
  kernel: KernelClient,
  links: readonly LinkPlace[],
  isDeclared: (claim: string) => boolean,
): Promise<Command[]> {
  const found = await Promise.all(
    [...new Set(links.map(({ namespace }) => namespace))].map(async (namespace) => {
      const entries = (await showRoutesOf(kernel, namespace, PROTOCOL)) ?? [];
      const isDeleted = (dev: string | undefined) =>
        links.some((link) => link.namespace === namespace && link.name === dev);
      const through = entries.filter(({ dev, gateway }) => gateway !== undefined && isDeleted(dev));
      return through
        .filter((entry) => namesOf(entry, namespace).some(isDeclared))
        .flatMap((entry) => stateOf(entry, argsOfEntry(entry, namespace)) ?? []);
    }),
  );
  return found.flat().map(({ interface: _, ...args }) => addRoute(args).run);
}

const isInet = ({ dst, gateway = "" }: RouteEntry): boolean => familyOf(dst === "default" ? gateway : dst) === "inet";

const namesOf = (entry: RouteEntry, namespace: string | undefined): string[] =>
  route.claims(argsOfEntry(entry, namespace), "").map(({ name }) => name);
