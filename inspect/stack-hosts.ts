import { factsOf } from "../lab/read.ts";
import type { ResourceView, StackView } from "./stack.ts";

/** A place that contains objects of a stack: a namespace, or the lab host. */
export interface StackHost {
  /** The name that a user gives: the name of its resource, or `host` for the lab host. */
  readonly name: string;
  /** Its name in the kernel; undefined for the lab host. */
  readonly namespace: string | undefined;
}

/** The lab host itself, named `host` on the command line. */
export const LAB_HOST: StackHost = { name: "host", namespace: undefined };

/** Returns the namespaces of a stack, by name: its own, and others that contain its resources. */
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

/** Returns the namespace of a resource; undefined for the lab host. A veth pair counts as in the namespace of its end `a`. */
export const placeOf = (resource: ResourceView): string | undefined =>
  factsOf(resource, resource.outputs)[0]?.namespace ?? undefined;

/** Returns all namespaces of a resource: a veth pair may be in two. */
const placesOf = (resource: ResourceView): readonly string[] =>
  factsOf(resource, resource.outputs).flatMap(({ namespace }) => namespace ?? []);
