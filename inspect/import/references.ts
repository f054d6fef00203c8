import { kindOf } from "../../provider/kind-of.ts";
import { underlayOf } from "../../provider/kinds/link-underlay.ts";
import type { Place } from "../place.ts";
import { endsIn, type FoundObject, linkNamed, SecretValue } from "./found.ts";
import { namesOf } from "./names.ts";

/** A resource of the program to write. */
export interface Declared {
  readonly object: FoundObject;
  /** Its name in the program. */
  readonly name: string;
  /** Its arguments; the names of objects that the program declares are references. */
  readonly args: Args;
  /** The resources that must exist first, and to which no argument refers. */
  readonly after: readonly string[];
}

export interface Args {
  readonly [key: string]: Value;
}

export type Value = string | number | boolean | readonly Value[] | Args | Reference | SecretValue;

/** A reference to a resource of the program. */
export class Reference {
  readonly name: string;
  /** The end of the link, for a link with two ends. */
  readonly end: string | undefined;

  constructor(name: string, end: string | undefined) {
    this.name = name;
    this.end = end;
  }
}

/** The arguments that name a namespace. */
const PLACES = ["namespace", "linkNamespace", "underlay"];

/** The arguments that name an interface. */
const INTERFACES = ["master", "link", "interface", "inInterface", "outInterface", "iif", "oif", "dev", "via"];

/** Returns the place of the interface that an argument names: by default that of the resource, but the lab host for a parent. */
function placeOfInterface(key: string, group: FoundObject["inputs"], namespace: Place): Place {
  if (key === "link") return group["linkNamespace"] as Place;
  return key === "dev" ? underlayOf({ name: "", namespace, underlay: group["underlay"] as Place }) : namespace;
}

/** Returns the resources for found objects, in an order in which each refers only to those before it. */
export function declare(found: readonly FoundObject[]): Declared[] {
  const names = namesOf(found);
  const nameOf = (object: FoundObject): string => names.get(object) ?? object.id;
  const declared = found.map((object): Declared => {
    const args = referring(object.inputs, undefined);
    const isNamed = args["name"] === nameOf(object);
    const { name, ...rest } = args;
    return {
      object,
      name: nameOf(object),
      args: name === undefined || isNamed ? rest : { name, ...rest },
      after: [...linksUnder(object), ...(object.after === undefined ? [] : [object.after])].map(nameOf),
    };
  });
  return inOrder(declared);

  /** Returns arguments with references. A part without a namespace, such as a next hop, is in that of the whole. */
  function referring(group: FoundObject["inputs"], around: Place): Args {
    const place = "namespace" in group ? (group["namespace"] as Place) : around;
    return Object.fromEntries(
      Object.entries(group).map(([key, value]) => {
        const valueOf = (one: unknown): Value => referenceAt(key, one, group, place) ?? plain(one, place);
        return [key, Array.isArray(value) ? value.map(valueOf) : valueOf(value)];
      }),
    );
  }

  function plain(value: unknown, place: Place): Value {
    if (value instanceof SecretValue) return value;
    if (Array.isArray(value)) return value.map((one) => plain(one, place));
    return typeof value === "object" && value !== null
      ? referring(value as FoundObject["inputs"], place)
      : (value as Value);
  }

  function referenceAt(key: string, value: unknown, group: FoundObject["inputs"], place: Place): Reference | undefined {
    if (PLACES.includes(key)) {
      const space = found.find(({ kind, id }) => kind === "Namespace" && id === value);
      return space && new Reference(nameOf(space), undefined);
    }
    if (!INTERFACES.includes(key)) return undefined;
    const named = linkNamed(found, placeOfInterface(key, group, place), value);
    if (named === undefined) return undefined;
    const [end] = Object.entries(named.link.inputs).find(([, inner]) => inner === named.end) ?? [];
    return new Reference(nameOf(named.link), end);
  }

  /** Returns the links with addresses in the place of a route: its gateway is reached over one of them. */
  function linksUnder({ kind, inputs }: FoundObject): FoundObject[] {
    const { leadsOver } = kindOf(kind);
    if (leadsOver === undefined) return [];
    return found.filter((link) =>
      endsIn(link, inputs["namespace"] as Place).some((end) => end["addresses"] !== undefined),
    );
  }
}

/** Returns resources in an order in which each comes after those that it refers to. */
function inOrder(all: readonly Declared[]): Declared[] {
  const sorted: Declared[] = [];
  const visit = (one: Declared, above: readonly Declared[]): void => {
    if (sorted.includes(one) || above.includes(one)) return;
    for (const name of [...namesIn(one.args), ...one.after])
      for (const other of all) if (other.name === name) visit(other, [...above, one]);
    sorted.push(one);
  };
  for (const one of all) visit(one, []);
  return sorted;
}

/** Returns the secret values of resources. */
export const secretsOf = (resources: readonly Declared[]): SecretValue[] =>
  resources.flatMap(({ args }) => secretsIn(args));

const secretsIn = (value: Value): SecretValue[] => {
  if (value instanceof SecretValue) return [value];
  return typeof value === "object" && !(value instanceof Reference) ? Object.values(value).flatMap(secretsIn) : [];
};

const namesIn = (value: Value): string[] => {
  if (value instanceof SecretValue) return [];
  if (value instanceof Reference) return [value.name];
  return typeof value === "object" ? Object.values(value).flatMap((inner) => namesIn(inner)) : [];
};
