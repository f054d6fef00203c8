import * as pulumi from "@pulumi/pulumi";
import { faultOfMissingValue } from "../provider/faults.ts";
import { formatValue } from "../provider/format-value.ts";
import { withArticle } from "../provider/message.ts";
import { faultOfText } from "../provider/output-text.ts";
import { usesPlugin } from "./door.ts";
import { perProgram } from "./program.ts";
import { programError } from "./program-error.ts";

/**
 * Returns the name of a resource. A missing name, one that contains an Output or a missing value as text, and one that another resource of
 * the same type has below a parent of the same type, are errors: the engine would report the last with its URN and without a remedy.
 *
 * @throws pulumi.RunError
 */
export function checkedName(type: string, name: string, { parent }: pulumi.ResourceOptions): string {
  requireName(type, name);
  const fault = faultOfText(
    name,
    "a resource needs a name that the program knows when it runs: use a constant, or the text from which the Output comes",
  );
  if (fault !== undefined) throw programError(`the name of ${withArticle(type)} ${fault}`);
  const missing = faultOfMissingValue(name);
  if (missing !== undefined) throw programError(`${type} ${JSON.stringify(name)} is not a valid name: ${missing}`);
  // Tests under mocks run many programs without a stack resource. In the plugin, each run is one program.
  if (pulumi.runtime.getStackResource() === undefined && !usesPlugin()) return name;
  const { root, key } = keyOf(type, name, parent);
  const siblings = names().get(root) ?? new Map<string, pulumi.Resource | undefined>();
  names().set(root, siblings);
  if (siblings.has(key)) throw sameName(type, name, [siblings.get(key), parent]);
  siblings.set(key, parent);
  return name;
}

/** Returns whether the program has created a resource of a type and a name below a parent. */
export function isNamed(type: string, name: string, parent: pulumi.Resource | undefined): boolean {
  const { root, key } = keyOf(type, name, parent);
  return names().get(root)?.has(key) === true;
}

/** Records a resource whose name was checked, as a possible parent of others. */
export function recordParent(resource: pulumi.Resource, type: string, name: string, parent?: pulumi.Resource): void {
  const { root, types } = below(parent);
  const title = `${type} ${name}`;
  const above = parent && titleOf(parent);
  const full = above === undefined ? title : `${title} of ${above}`;
  parents.set(resource, { title, full, root, types: `${types}${type}$` });
}

/** Returns the type and the name of a resource whose name was checked, with those of the resources above it; undefined for any other. */
export const titleOf = (resource: pulumi.Resource): string | undefined => parents.get(resource)?.full;

/** The part of a URN above a resource. It has the types of the parents and not their names. */
interface Above {
  /** The outermost parent whose own parents are not known; undefined if all are. */
  readonly root: pulumi.Resource | undefined;
  readonly types: string;
}

function keyOf(type: string, name: string, parent: pulumi.Resource | undefined) {
  const { root, types } = below(parent);
  return { root, key: `${types}${type} ${name}` };
}

function below(parent: pulumi.Resource | undefined): Above {
  const known = parent && parents.get(parent);
  return known ?? { root: parent, types: "" };
}

const parents = new WeakMap<pulumi.Resource, Above & { readonly title: string; readonly full: string }>();

function sameName(
  type: string,
  name: string,
  of: readonly [pulumi.Resource | undefined, pulumi.Resource | undefined],
): Error {
  const [one, other] = of.map((parent) => parent && parents.get(parent)?.title);
  if (one === undefined || other === undefined || one === other)
    return programError(
      `two resources of type ${type} have the name ${JSON.stringify(name)}`,
      "give one of them another name, or use the first one in place of the second",
    );
  return programError(
    `${one} and ${other} both create ${withArticle(type)} with the name ${JSON.stringify(name)}`,
    `give one of them another name, or create the ${type} once, outside, and give it to both`,
  );
}

/**
 * Refuses a name that is not text. A program without types may give anything.
 *
 * @throws pulumi.RunError
 */
export function requireName(type: string, name: unknown): void {
  if (typeof name === "string" && name !== "") return;
  throw programError(
    faultOfName(type, name),
    `give a text as the first argument, and the arguments after it: new ${type}("red", …)`,
  );
}

function faultOfName(type: string, name: unknown): string {
  if (name === undefined || name === null || name === "") return `${withArticle(type)} has no name`;
  const given = pulumi.Output.isInstance(name)
    ? "an Output"
    : pulumi.Resource.isInstance(name)
      ? "a resource"
      : undefined;
  return `the name of ${withArticle(type)} is ${given ?? formatValue(name)}, which is not text`;
}

/** The parents of the names that resources have, by root. */
const names = perProgram(() => new Map<pulumi.Resource | undefined, Map<string, pulumi.Resource | undefined>>());
