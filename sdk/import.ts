import * as pulumi from "@pulumi/pulumi";

/**
 * Refuses the option `import`: Pulumi reads what it imports without saying which provider it is of, and a dynamic provider is
 * found by what a resource says of it.
 */
export function refuseImport(kind: string, name: string, { import: id }: pulumi.CustomResourceOptions): void {
  if (id === undefined) return;
  const error = new pulumi.RunError(
    `${kind} ${name}: the option import does not work with resources of pulumi-netns.\n` +
      "  what to do: leave it out. Where the resource has the argument adopt, adopt: true takes over the object that is there",
  );
  // Where it comes from is no help.
  delete error.stack;
  throw error;
}
