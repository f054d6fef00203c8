import * as pulumi from "@pulumi/pulumi";
import { propertyPath } from "../provider/property-path.ts";
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
    "use one of its outputs, such as its name",
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
