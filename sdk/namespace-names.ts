import type * as pulumi from "@pulumi/pulumi";

/** Records the name of a namespace, for resources that name it instead of referring to it. */
export function recordNamespaceName(namespace: pulumi.Resource, name: pulumi.Input<string>): void {
  if (typeof name === "string") knownNames.set(namespace, name);
}

/** Returns the name of a namespace if the program gives it as a plain string. */
export const plainNameOf = (namespace: pulumi.Resource): string | undefined => knownNames.get(namespace);

const knownNames = new WeakMap<pulumi.Resource, string>();
