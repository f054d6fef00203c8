import * as pulumi from "@pulumi/pulumi";
import { safeParse } from "valibot";
import { kindOf } from "../provider/kind-of.ts";
import { propertyPath } from "../provider/property-path.ts";
import { type Field, type Fields, fieldsOf, itemFieldsOf, traitsOf } from "../provider/schema.ts";
import { placeholderOutput } from "./placeholder.ts";
import { programError } from "./program-error.ts";
import { report } from "./reported-errors.ts";

/**
 * Refuses resources among the arguments of another one, where the program should give one of their outputs. Pulumi would wait forever
 * for them, or send references that the provider does not expect. Returns the arguments with placeholders for the resources.
 */
export function refuseResources(kind: string, name: string, args: pulumi.Inputs): pulumi.Inputs {
  const refuse = (path: readonly string[], resource: pulumi.Resource): pulumi.Output<string> => {
    const property = propertyPath(args, path.join("."));
    report(
      programError(
        `${kind} ${name}: property ${property}: a resource (${resource.constructor.name}) is given where a value is required`,
        helpFor(kindOf(kind).schema.entries, path),
      ),
    );
    return placeholderOutput();
  };
  return withoutResources(args, [], refuse) as pulumi.Inputs;
}

/** Returns a value with others in the place of the resources in it. A value without a resource remains the same object. */
function withoutResources(
  value: unknown,
  path: readonly string[],
  replace: (path: readonly string[], resource: pulumi.Resource) => unknown,
): unknown {
  if (pulumi.Resource.isInstance(value)) return replace(path, value);
  if (typeof value !== "object" || value === null || pulumi.Output.isInstance(value) || value instanceof Promise)
    return value;
  const inner = Object.entries(value).map(
    ([key, one]) => [key, one as unknown, withoutResources(one, [...path, key], replace)] as const,
  );
  if (inner.every(([, before, after]) => before === after)) return value;
  return Array.isArray(value)
    ? inner.map(([, , after]) => after)
    : Object.fromEntries(inner.map(([key, , after]) => [key, after]));
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
