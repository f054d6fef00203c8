import * as pulumi from "@pulumi/pulumi";
import { withHelp } from "../provider/message.ts";

/**
 * Refuses the option `import`: Pulumi reads what it imports without saying which provider it is of, and a dynamic provider is
 * found by what a resource says of it.
 */
export function refuseImport(kind: string, name: string, { import: id }: pulumi.CustomResourceOptions): void {
  if (id === undefined) return;
  const error = new pulumi.RunError(
    withHelp(
      `${kind} ${name}: the option import is not supported by pulumi-netns`,
      "remove the option. If the resource has the argument adopt, adopt: true takes over the existing object",
    ),
  );
  // Where it comes from is no help.
  delete error.stack;
  throw error;
}
