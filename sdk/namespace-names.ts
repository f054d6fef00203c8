import type * as pulumi from "@pulumi/pulumi";

/** Notes the name of a namespace, for resources that name it instead of referring to it. */
export function noteNamespace(namespace: pulumi.Resource, name: pulumi.Input<string>): void {
  if (typeof name === "string") plainNames.set(namespace, name);
}

/** The name of a namespace where the program gives it as plain text. */
export const plainNameOf = (namespace: pulumi.Resource): string | undefined => plainNames.get(namespace);

const plainNames = new WeakMap<pulumi.Resource, string>();
