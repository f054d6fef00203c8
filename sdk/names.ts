import * as pulumi from "@pulumi/pulumi";
import { faultOfText } from "../provider/output-text.ts";
import { perProgram } from "./program.ts";
import { programError } from "./program-error.ts";

/**
 * Returns the name of a resource. A name that contains an Output as text, and one that another resource of the same type and parent
 * has, are errors: the engine would report the second with its URN and without a remedy.
 *
 * @throws pulumi.RunError
 */
export function checkedName(type: string, name: string, { parent }: pulumi.ResourceOptions): string {
  const fault = faultOfText(name);
  if (fault !== undefined) throw programError(`the name of a ${type} ${fault}`);
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

const names = perProgram(() => new Map<pulumi.Resource | undefined, Set<string>>());
