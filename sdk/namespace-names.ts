import type * as pulumi from "@pulumi/pulumi";

/** Notes the name of a namespace, for resources that name it instead of referring to it. */
export function recordNamespaceName(namespace: pulumi.Resource, name: pulumi.Input<string>): void {
  if (typeof name === "string") knownNames.set(namespace, name);
}

/** The name of a namespace where the program gives it as plain text. */
export const plainNameOf = (namespace: pulumi.Resource): string | undefined => knownNames.get(namespace);

const knownNames = new WeakMap<pulumi.Resource, string>();
