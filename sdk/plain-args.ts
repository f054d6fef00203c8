import * as pulumi from "@pulumi/pulumi";
import { formatValue } from "../provider/format-value.ts";
import { requireName } from "./names.ts";
import { withPlaceholders } from "./placeholder.ts";
import { programError } from "./program-error.ts";

/**
 * Returns the arguments of an object, which a program without types may omit. Then there are none, and the provider reports those that are
 * missing.
 *
 * @throws pulumi.RunError if they are not an object, or if the object has no name.
 */
export function plainArgs<Args extends object>(kind: string, name: string, args: Args): Args {
  requireName(kind, name);
  const given: unknown = args;
  const all = given ?? {};
  if (typeof all !== "object" || Array.isArray(all))
    throw programError(`${kind} ${name}: ${formatValue(all)} is not an object with its arguments`);
  return withPlaceholders(all as Args);
}

/** Returns whether an item of a list is an object with arguments. A program without types may give any value, which is reported later. */
export const isGiven = <Item extends object>(item: Item | null): item is Item =>
  typeof item === "object" && item !== null && !pulumi.Resource.isInstance(item);
