import { factsOf } from "../lab/read.ts";
import type { ResourceView, StackView } from "./stack.ts";

/** A place where a stack's objects are: a namespace, or the lab host. */
export interface StackHost {
  /** How a person calls it: the name of its resource, or `host` for the lab host. */
  readonly name: string;
  /** Its name in the kernel; undefined for the lab host. */
  readonly namespace: string | undefined;
}

/** The lab host itself, which commands call `host`. */
export const LAB_HOST: StackHost = { name: "host", namespace: undefined };

/** The namespaces of a stack, by name: its own, and those of others that its resources are in. */
export function hostsOf({ resources }: StackView): readonly StackHost[] {
  const own = resources
    .filter(({ type }) => type === "Namespace")
    .map((resource) => ({ name: resource.name, namespace: placeOf(resource) ?? resource.name }));
  const known = new Set(own.map(({ namespace }) => namespace));
  const others = new Set(resources.flatMap(placesOf).filter((namespace) => !known.has(namespace)));
  return [...own, ...[...others].map((namespace) => ({ name: namespace, namespace }))].sort((left, right) =>
    left.name.localeCompare(right.name, "en", { numeric: true }),
  );
}

/** The namespace that a resource is in, or that it is; undefined for the lab host. A veth pair is where its end `a` is. */
export const placeOf = (resource: ResourceView): string | undefined =>
  factsOf(resource, resource.outputs)[0]?.namespace ?? undefined;

/** All namespaces that a resource is in: a veth pair may be in two. */
const placesOf = (resource: ResourceView): readonly string[] =>
  factsOf(resource, resource.outputs).flatMap(({ namespace }) => namespace ?? []);
