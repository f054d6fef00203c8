import * as pulumi from "@pulumi/pulumi";
import { safeParse } from "valibot";
import { kindOf } from "../provider/kind-of.ts";
import { propertyPath } from "../provider/property-path.ts";
import { type Field, type Fields, fieldsOf, itemFieldsOf, traitsOf } from "../provider/schema.ts";
import { programError } from "./program-error.ts";

/**
 * Refuses a resource among the arguments of another one, where the program should give one of its outputs. Pulumi would wait forever
 * for it, or send a reference that the provider does not expect.
 */
export function refuseResources(kind: string, name: string, args: pulumi.Inputs): void {
  const found = resourceIn(args, "");
  if (found === undefined) return;
  throw programError(
    `${kind} ${name}: property ${propertyPath(args, found.property)}: a resource (${found.resource.constructor.name}) is given where a value is required`,
    helpFor(kindOf(kind).schema.entries, found.property.split(".")),
  );
}

function resourceIn(value: unknown, property: string): { property: string; resource: pulumi.Resource } | undefined {
  if (pulumi.Resource.isInstance(value)) return { property, resource: value };
  if (typeof value !== "object" || value === null || pulumi.Output.isInstance(value) || value instanceof Promise)
    return undefined;
  const before = property === "" ? "" : `${property}.`;
  for (const [key, inner] of Object.entries(value)) {
    const found = resourceIn(inner, before + key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns what to give in place of a resource, by what the argument at a path accepts. */
function helpFor(fields: Fields, [key = "", ...path]: readonly string[]): string {
  const entry = fields[key];
  if (entry === undefined) return USE_OUTPUT;
  const [inner, items] = [fieldsOf(entry), itemFieldsOf(entry)];
  if (inner !== undefined && path.length > 0) return helpFor(inner, path);
  if (items !== undefined && path.length > 1) return helpFor(items, path.slice(1));
  const own = traitsOf(entry).shorthand;
  if (own !== undefined) return `set ${own} to the resource, instead of ${key}`;
  const ofItem = Object.values(items ?? {}).flatMap((one) => traitsOf(one).shorthand ?? []);
  if (ofItem[0] !== undefined) return `put the resource into an object, e.g. { ${ofItem[0]}: left }`;
  if (accepts(entry, path, A_NAME)) return `${USE_OUTPUT}, such as its name`;
  return accepts(entry, path, AN_ADDRESS)
    ? "use an address, such as lan.hosts.web.address or link.addresses.b[0]"
    : USE_OUTPUT;
}

/** Returns whether an argument accepts a text at a path in it, such as an item of a list. */
function accepts(entry: Field, path: readonly string[], text: string): boolean {
  const value = path.reduceRight<unknown>((inner, key) => (/^\d+$/.test(key) ? [inner] : { [key]: inner }), text);
  return safeParse(entry, value).success;
}

const USE_OUTPUT = "use one of its outputs";
const A_NAME = "red";
const AN_ADDRESS = "192.0.2.1";
