import * as pulumi from "@pulumi/pulumi";
import { faultOfMissingValue } from "../provider/faults.ts";
import { faultOfText } from "../provider/output-text.ts";
import { formatValue } from "../provider/schema.ts";
import { perProgram } from "./program.ts";
import { programError } from "./program-error.ts";

/**
 * Returns the name of a resource. A missing name, one that contains an Output or a missing value as text, and one that another resource of
 * the same type and parent has, are errors: the engine would report the last with its URN and without a remedy.
 *
 * @throws pulumi.RunError
 */
export function checkedName(type: string, name: string, { parent }: pulumi.ResourceOptions): string {
  requireName(type, name);
  const fault = faultOfText(name);
  if (fault !== undefined) throw programError(`the name of a ${type} ${fault}`);
  const missing = faultOfMissingValue(name);
  if (missing !== undefined) throw programError(`${type} ${JSON.stringify(name)} is not a valid name: ${missing}`);
  // Tests under mocks run many programs without a stack resource.
  if (pulumi.runtime.getStackResource() === undefined) return name;
  const siblings = names().get(parent) ?? new Set();
  names().set(parent, siblings);
  const key = `${type} ${name}`;
  if (siblings.has(key)) {
    const message = `two resources of type ${type} have the name ${JSON.stringify(name)}`;
    throw programError(message, "give one of them another name, or use the first one in place of the second");
  }
  siblings.add(key);
  return name;
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
  if (name === undefined || name === null || name === "") return `a ${type} has no name`;
  const given = pulumi.Output.isInstance(name)
    ? "an Output"
    : pulumi.Resource.isInstance(name)
      ? "a resource"
      : undefined;
  return `the name of a ${type} is ${given ?? formatValue(name)}, which is not text`;
}

const names = perProgram(() => new Map<pulumi.Resource | undefined, Set<string>>());
