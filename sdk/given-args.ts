import * as pulumi from "@pulumi/pulumi";
import { type InterfaceRef, interfaceAt, masterAt, originOf, placeOn } from "./interface.ts";
import { type Place, requirePlace, underlayPlace } from "./place.ts";
import { plainArgs } from "./plain-args.ts";
import { checkArgument } from "./program-error.ts";

/**
 * Returns the arguments of a resource in the form of {@link plainArgs}, and checks the places and interfaces among them.
 *
 * @throws pulumi.RunError that names the resource and the argument.
 */
export function givenArgs<Args extends object>(kind: string, name: string, args: Args): Args {
  const all = plainArgs(kind, name, args);
  const own = all as Given;
  const titleOf = (path: string) => `${kind} ${name}: property ${path}`;
  for (const [key, value] of Object.entries(all)) {
    // The name of an underlay means a namespace on the lab host of the tunnel.
    if (PLACES.has(key) || (key === "underlay" && pulumi.Resource.isInstance(value)))
      requirePlace(titleOf(key), value as Place);
    if (ENDS.has(key)) requirePlace(titleOf(`${key}.namespace`), (value as Given | undefined)?.namespace);
  }
  for (const [key, value] of Object.entries(all as Readonly<Record<string, unknown>>)) {
    requireInterfaces(titleOf(key), key, value, own);
    const end = ENDS.has(key) ? (value as Given | undefined) : undefined;
    requireInterface(titleOf(`${key}.master`), "master", end?.master, end);
    if (GROUPS.has(key) && Array.isArray(value))
      for (const [index, item] of value.entries()) requireInterfacesIn(titleOf(`${key}[${index}]`), item, own);
  }
  return all;
}

/** Arguments by which others are checked. A program without types may give any value. */
interface Given {
  readonly namespace?: Place;
  readonly linkNamespace?: Place;
  readonly underlay?: Place;
  readonly vrf?: InterfaceRef;
  readonly nexthops?: unknown;
  readonly master?: InterfaceRef;
}

/** Checks the interfaces in one of the next hops of a route, or in a rule of a filter chain. */
function requireInterfacesIn(title: string, item: unknown, own: Given): void {
  if (typeof item !== "object" || item === null) return;
  for (const [key, value] of Object.entries(item)) requireInterfaces(`${title}.${key}`, key, value, own);
}

/** Checks an argument that is one interface or, if it may be one, a list of them. */
function requireInterfaces(title: string, key: string, value: unknown, own: Given): void {
  for (const one of MATCHED.includes(key) ? [value].flat() : [value]) requireInterface(title, key, one, own);
}

/** Checks one interface, unless it is given by a name. */
function requireInterface(title: string, key: string, ref: unknown, own: Given | undefined): void {
  const check = INTERFACES.get(key);
  if (check === undefined || typeof ref !== "object" || ref === null) return;
  checkArgument(title, () => check(ref as InterfaceRef, own ?? {}));
}

const PLACES: ReadonlySet<string> = new Set(["namespace", "linkNamespace"]);
/** The arguments of a pair, each with a place of its own. */
const ENDS: ReadonlySet<string> = new Set(["a", "b"]);
/** The arguments that are lists of groups with interfaces. */
const GROUPS: ReadonlySet<string> = new Set(["nexthops", "rules"]);

type Hops = readonly ({ readonly interface?: InterfaceRef } | undefined)[];
type InterfaceCheck = (ref: InterfaceRef, own: Given) => unknown;

/** Checks an interface of the place that the arguments declare, or that follows from the interface. */
const inPlace: InterfaceCheck = (ref, { namespace, vrf }) => there(ref, placeOn(vrf, namespace));

/** Checks an interface of a place. */
function there(ref: InterfaceRef, place: Place): unknown {
  originOf(ref, place);
  return interfaceAt(ref, place);
}

/** The arguments that are an interface or a list of them. */
const MATCHED: readonly string[] = ["inInterface", "outInterface"];

/** The arguments that are interfaces. */
const INTERFACES: ReadonlyMap<string, InterfaceCheck> = new Map([
  [
    "interface",
    (ref, { namespace, nexthops }) => {
      const first = Array.isArray(nexthops) ? (nexthops as Hops)[0] : undefined;
      return inPlace(ref, { namespace: placeOn(first?.interface ?? ref, namespace) });
    },
  ],
  ...["iif", "oif", ...MATCHED].map((key) => [key, inPlace] as const),
  ["master", (ref, { namespace }) => [originOf(ref, namespace), masterAt(ref, namespace)]],
  ["link", (ref, { linkNamespace }) => there(ref, placeOn(ref, linkNamespace))],
  ["dev", (ref, { namespace, underlay }) => interfaceAt(ref, underlayPlace(underlay, namespace))],
]);
