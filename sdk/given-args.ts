import * as pulumi from "@pulumi/pulumi";
import { propertyPath } from "../provider/property-path.ts";
import { type InterfaceRef, interfaceAt, masterAt, originOf, placeOn } from "./interface.ts";
import { type Place, requirePlace, underlayPlace } from "./place.ts";
import { placeholderOutput } from "./placeholder.ts";
import { plainArgs } from "./plain-args.ts";
import { checkArgument } from "./program-error.ts";
import { report } from "./reported-errors.ts";

/**
 * Returns the arguments of a resource in the form of {@link plainArgs}. The errors of the places and interfaces among them are reported with
 * the resource and the argument, and those have placeholders in their place.
 */
export function givenArgs<Args extends object>(kind: string, name: string, args: Args): Args {
  const places = checkPlaces(kind, name, plainArgs(kind, name, args));
  return checkInterfaces(kind, name, places);
}

function checkPlaces<Args extends object>(kind: string, name: string, args: Args): Args {
  const checked = new CheckedArgs(kind, name, args);
  for (const [key, value] of Object.entries(args)) {
    // The name of an underlay means a namespace on the lab host of the tunnel.
    if (PLACES.has(key) || (key === "underlay" && pulumi.Resource.isInstance(value)))
      checked.require([key], () => requirePlace(value as Place));
    if (ENDS.has(key)) checked.require([key, "namespace"], () => requirePlace((value as Given | undefined)?.namespace));
  }
  return checked.args;
}

function checkInterfaces<Args extends object>(kind: string, name: string, args: Args): Args {
  const checked = new CheckedArgs(kind, name, args);
  const own = args as Given;
  for (const [key, value] of Object.entries(args as Readonly<Record<string, unknown>>)) {
    requireInterfaces(checked, [key], value, own);
    const end = ENDS.has(key) ? (value as Given | undefined) : undefined;
    requireInterface(checked, [key, "master"], "master", end?.master, end);
    if (GROUPS.has(key) && Array.isArray(value))
      for (const [index, item] of value.entries()) requireInterfacesIn(checked, [key, String(index)], item, own);
  }
  return checked.args;
}

/** The arguments of a resource, of which those with an error become placeholders. */
class CheckedArgs<Args extends object> {
  readonly #title: string;
  readonly #given: Args;
  #args: Args;

  constructor(kind: string, name: string, args: Args) {
    this.#title = `${kind} ${name}`;
    this.#given = args;
    this.#args = args;
  }

  get args(): Args {
    return this.#args;
  }

  /** Checks the argument at a path, and reports an error with the path. */
  require(path: readonly string[], check: () => unknown): void {
    try {
      checkArgument(`${this.#title}: property ${propertyPath(this.#given, path.join("."))}`, check);
    } catch (error) {
      report(error as Error);
      this.#args = withPlaceholderAt(this.#args, path) as Args;
    }
  }
}

function withPlaceholderAt(value: unknown, [key, ...path]: readonly string[]): unknown {
  if (key === undefined) return placeholderOutput();
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (String(index) === key ? withPlaceholderAt(item, path) : item));
  const group = value as Readonly<Record<string, unknown>>;
  return { ...group, [key]: withPlaceholderAt(group[key], path) };
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
function requireInterfacesIn(checked: CheckedArgs<object>, path: readonly string[], item: unknown, own: Given): void {
  if (typeof item !== "object" || item === null) return;
  for (const [key, value] of Object.entries(item)) requireInterfaces(checked, [...path, key], value, own);
}

/** Checks an argument that is one interface or, if it may be one, a list of them. */
function requireInterfaces(checked: CheckedArgs<object>, path: readonly string[], value: unknown, own: Given): void {
  const key = path.at(-1) ?? "";
  if (!(MATCHED.includes(key) && Array.isArray(value))) requireInterface(checked, path, key, value, own);
  else for (const [index, one] of value.entries()) requireInterface(checked, [...path, String(index)], key, one, own);
}

/** Checks one interface, unless it is given by a name. */
function requireInterface(
  checked: CheckedArgs<object>,
  path: readonly string[],
  key: string,
  ref: unknown,
  own: Given | undefined,
): void {
  const check = INTERFACES.get(key);
  if (check === undefined || typeof ref !== "object" || ref === null) return;
  checked.require(path, () => check(ref as InterfaceRef, own ?? {}));
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
