import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { formatValue } from "../../provider/format-value.ts";
import { kindOf } from "../../provider/kind-of.ts";
import { faultOfListInText } from "../../provider/list-in-text.ts";
import { withArticle } from "../../provider/message.ts";
import { outputTexts } from "../../provider/output-text.ts";
import { propertyPath } from "../../provider/property-path.ts";
import { args, check, fieldsOf } from "../../provider/schema.ts";
import { usesPlugin } from "../door.ts";
import { knownOf } from "../invalid.ts";

/*
 * A program runs without a check of its types. The arguments of a resource are checked again by its schema; a component computes with its
 * arguments before it has any resource, so it checks their types here. It leaves the values to the resources and to its own rules.
 */

/** The rules of all arguments of a component. */
export type Shape<Args> = { readonly [Name in keyof Required<Args>]: v.GenericSchema };

/** An argument that the declaration of a component does not allow. */
export interface Mistake {
  /** The outermost argument; empty if the arguments as a whole are wrong. */
  readonly key: string;
  /** The error, which names the argument. */
  readonly line: string;
}

/** Returns the arguments that their declaration does not allow. */
export function mistakesIn<Args extends object>(given: Args, shape: Shape<Args>): readonly Mistake[] {
  const all: unknown = given;
  // A program without types may omit all of them.
  const checked = check(args(shape), all ?? {});
  const texts = outputTexts(knownOf(all ?? {}) as object);
  const failures = texts.length === 0 && "failures" in checked ? checked.failures : texts;
  return failures.map(({ property, reason }) => ({
    key: property.split(".")[0] ?? "",
    line: property === "" ? reason : `${propertyPath(all, property)}: ${reason}`,
  }));
}

/** A value that a resource or the component itself checks; it may be left out. */
export const anything = v.optional(v.any());

/**
 * A value that the component passes on to resources of a kind as an argument; it may be left out. It is checked here by the rules of that
 * argument, so that an error is reported once and not at each resource. What is known later is checked at the resources.
 */
export function passedTo(kind: string, argument: string) {
  const entry = kindOf(kind).schema.entries[argument] ?? v.never();
  const checked = v.pipe(v.any(), v.transform(knownOf), entry);
  return v.optional(Object.assign(checked, fieldsIn(entry)));
}

/** Returns the arguments of a group, which an error about an unknown argument names, as a property of its schema. */
export function fieldsIn(group: v.GenericSchema): object {
  const entries = fieldsOf(group);
  return entries === undefined ? {} : { entries };
}

/**
 * A value that must be given.
 *
 * @param what What it is, with an example.
 */
export const required = (schema: v.GenericSchema, what: string) =>
  v.nonOptional(schema, `missing required argument: ${what}`);

/** Text that may be left out. */
export const text = v.optional(v.string(isNot("text")));

/** A number that may be left out. */
export const number = v.optional(v.number(isNot("a number")));

/** True or false, or left out. */
export const flag = v.optional(v.boolean(isNot("true or false")));

/** One of some words, or left out. */
export const word = (...words: readonly string[]) =>
  v.optional(v.picklist(words, isNot(words.map((one) => `"${one}"`).join(" or "))));

/** A resource or component of some classes, which must be given unless the schema is made optional. */
export const instance = (what: string, is: (value: unknown) => boolean, example: string) =>
  v.custom(
    is,
    ({ input }) =>
      `${described(input)} is not ${what}; ${usesPlugin() ? WHOLE_COMPONENT : `give the object itself, e.g. ${example}`}`,
  );

/** How a program that is not in TypeScript gives a component as an argument. */
export const WHOLE_COMPONENT = "refer to the component as a whole, as `${router}` in YAML and `router` in Python";

/**
 * A list, which may be left out.
 *
 * @param what What it is, with an example.
 */
export const listOf = (item: v.GenericSchema, what: string) =>
  v.optional(v.array(item, (issue) => faultOfListInText(issue.input, item) ?? isNot(what)(issue)));

/** A text with which the component computes, by its own rules. It is not an Output, and not a list of valid texts. */
export const plainText = (valid: v.GenericSchema) =>
  v.custom(
    (input) => !pulumi.Output.isInstance(input) && faultOfListInText(input, valid) === undefined,
    ({ input }) => faultOfListInText(input, valid) ?? IS_OUTPUT,
  );

/** An object with named arguments, for an item of a list. */
export const objectOf = (shape: Readonly<Record<string, v.GenericSchema>>) => args(shape);

function isNot(what: string) {
  return ({ input }: { readonly input: unknown }): string =>
    pulumi.Output.isInstance(input) ? IS_OUTPUT : `${described(input)} is not ${what}`;
}

const IS_OUTPUT =
  "needs a plain value, not an Output, since names and addresses are computed before resources are created; use a constant, or a value of the configuration";

/** Returns a given value as an error names it. */
export function described(value: unknown): string {
  if (pulumi.Output.isInstance(value)) return "an Output";
  const isPlain = typeof value !== "object" || value === null || Array.isArray(value) || value.constructor === Object;
  return isPlain ? formatValue(value) : withArticle(value.constructor.name);
}
