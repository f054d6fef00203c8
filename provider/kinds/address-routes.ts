import { familyOf } from "../cidr.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { type RouteEntry, showRoutesOf } from "../kernel/tools/ip.ts";
import type { Step } from "../plan.ts";
import type { AddressArgs } from "./address-args.ts";
import { addRoute, PROTOCOL, type RouteArgs, route, stateOf } from "./route.ts";

/* The routes of this package that the kernel takes away with an address. */

/**
 * The names of the routes of this package that go with an address: those that packets leave by with that source, and all of an
 * interface when it is the last IPv4 address there.
 */
export async function routesLostWith(
  kernel: KernelClient,
  { namespace, interface: link, address }: AddressArgs,
  isLast: boolean,
): Promise<string[]> {
  const entries = (await showRoutesOf(kernel, namespace, PROTOCOL)) ?? [];
  const goes = (entry: RouteEntry) =>
    entry.prefsrc === address.split("/")[0] ||
    (isLast && entry.dev === link && familyOf(address) === "inet" && isInet(entry));
  return entries.filter(goes).flatMap((entry) => namesOf(entry, namespace));
}

/** The steps that add the IPv4 routes of this package over an interface again, where an address took them along. */
export async function routesOver(kernel: KernelClient, namespace: string | undefined, link: string): Promise<Step[]> {
  const entries = (await showRoutesOf(kernel, namespace, PROTOCOL)) ?? [];
  return entries
    .filter((entry) => entry.dev === link && isInet(entry))
    .flatMap((entry) => {
      const state = stateOf(entry, argsOfEntry(entry, namespace));
      // One whose gateway was reached by that address alone cannot come back.
      return state === undefined ? [] : [{ ...addRoute(state), tolerate: ["exists", "failed"] as const }];
    });
}

const isInet = ({ dst, gateway = "" }: RouteEntry): boolean => familyOf(dst === "default" ? gateway : dst) === "inet";

const namesOf = (entry: RouteEntry, namespace: string | undefined): string[] =>
  route.claims(argsOfEntry(entry, namespace), "").map(({ name }) => name);

const argsOfEntry = (entry: RouteEntry, namespace: string | undefined): RouteArgs => ({
  namespace,
  // `ip` leaves the length out where an address stands for one host.
  destination: /[/]|^default$/.test(entry.dst) ? entry.dst : `${entry.dst}/${entry.dst.includes(":") ? 128 : 32}`,
  via: entry.gateway,
  metric: entry.metric ?? 0,
  table: tableOf(entry),
  type: "unicast",
  onlink: false,
});

/** The number of a route's table. The kernel has names for three of them. */
const tableOf = ({ table = "main" }: RouteEntry): number =>
  ({ default: 253, main: 254, local: 255 })[table] ?? Number(table);
