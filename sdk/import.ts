import type * as pulumi from "@pulumi/pulumi";
import { programError } from "./program-error.ts";

/**
 * Rejects the option `import`. Pulumi reads an imported object without its inputs, and a dynamic provider is found by an input.
 *
 * @throws pulumi.RunError if the option is set.
 */
export function refuseImport(kind: string, name: string, { import: id }: pulumi.CustomResourceOptions): void {
  if (id === undefined) return;
  throw programError(
    `${kind} ${name}: the option import is not supported by pulumi-netns`,
    "remove the option. If the resource has the argument adopt, adopt: true takes over the existing object",
  );
}
