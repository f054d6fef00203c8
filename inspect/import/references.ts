import { kindOf } from "../../provider/kind-of.ts";
import { natRule } from "../../provider/kinds/nat-rule.ts";
import type { Place } from "../place.ts";
import { endsIn, type FoundObject, linkNamed, SecretValue } from "./found.ts";

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

/** Returns the resources for found objects, in an order in which each refers only to those before it. */
export function declare(found: readonly FoundObject[]): Declared[] {
  const names = uniqueNames(found);
  const nameOf = (object: FoundObject): string => names.get(object) ?? object.id;
  const declared = found.map((object): Declared => {
    const args = referring(object.inputs);
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

  function referring(group: FoundObject["inputs"]): Args {
    return Object.fromEntries(
      Object.entries(group).map(([key, value]) => [key, referenceAt(key, value, group) ?? plain(value)]),
    );
  }

  function plain(value: unknown): Value {
    if (value instanceof SecretValue) return value;
    if (Array.isArray(value)) return value.map(plain);
    return typeof value === "object" && value !== null ? referring(value as FoundObject["inputs"]) : (value as Value);
  }

  function referenceAt(key: string, value: unknown, group: FoundObject["inputs"]): Reference | undefined {
    if (["namespace", "linkNamespace", "underlay"].includes(key)) {
      const space = found.find(({ kind, id }) => kind === "Namespace" && id === value);
      return space && new Reference(nameOf(space), undefined);
    }
    if (!["master", "link", "interface", "inInterface", "outInterface"].includes(key)) return undefined;
    const place = group[key === "link" ? "linkNamespace" : "namespace"] as Place;
    const named = linkNamed(found, place, value);
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

/** Returns a name in the program for each object: that of the object, with its place if two objects have the same. */
function uniqueNames(found: readonly FoundObject[]): ReadonlyMap<FoundObject, string> {
  const names = new Map<FoundObject, string>();
  for (const object of found) {
    const taken = [...names.values()];
    const [short, long] = [shortName(object), `${object.kind}-${object.id}`].map((name) =>
      name.replaceAll(/[^\w-]+/g, "-"),
    );
    const free = [short, long].find((name) => name !== undefined && !taken.includes(name));
    names.set(object, free ?? `${long}-${taken.length}`);
  }
  return names;
}

function shortName({ kind, id, inputs }: FoundObject): string {
  const [first] = Object.values(inputs);
  if (typeof inputs["name"] === "string") return inputs["name"];
  if (kind === natRule.type)
    return [inputs["namespace"], inputs["type"]].filter((one) => typeof one === "string").join("-");
  if (kindOf(kind).interfaces !== undefined) return String((first as FoundObject["inputs"])["name"]);
  return id.replace(/\/table\/254\/metric\/\d+$/, "").replace(/^net\.|(?<=\/)net\./, "");
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
