import type * as pulumi from "@pulumi/pulumi";
import type { LabHost } from "./components/lab-host.ts";
import { recordPlainName } from "./plain-names.ts";

/** Records the name of a namespace, for resources that name it instead of referring to it, and its lab host. */
export function recordNamespace(
  namespace: pulumi.Resource & { readonly name: pulumi.Output<string> },
  name: pulumi.Input<string>,
  host: LabHost | undefined,
): void {
  if (typeof name === "string") knownNames.set(namespace, name);
  hosts.set(namespace, host);
  byOutput.set(namespace.name, namespace);
  recordPlainName(namespace.name, "namespace", name);
}

/** Returns true for a namespace that the program declares or refers to. */
export const isRecorded = (resource: pulumi.Resource): boolean => hosts.has(resource);

/** Returns the namespace whose output `name` a value is; undefined for any other value. */
export const namespaceNamedBy = (value: unknown): pulumi.Resource | undefined =>
  typeof value === "object" && value !== null ? byOutput.get(value) : undefined;

/** Returns the name of a namespace if the program gives it as a plain string. */
export const plainNameOf = (namespace: pulumi.Resource): string | undefined => knownNames.get(namespace);

/** Returns the lab host of a namespace; undefined for this machine. */
export const hostOfNamespace = (namespace: pulumi.Resource): LabHost | undefined => hosts.get(namespace);

const knownNames = new WeakMap<pulumi.Resource, string>();
const hosts = new WeakMap<pulumi.Resource, LabHost | undefined>();
const byOutput = new WeakMap<object, pulumi.Resource>();
