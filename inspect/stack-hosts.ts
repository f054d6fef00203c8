import * as v from "valibot";
import { factsOf } from "../lab/read.ts";
import type { SshAddress } from "../provider/kernel/client/ssh.ts";
import { type PlaceParts, placeAt, placeName } from "./place.ts";
import type { ResourceView, StackView } from "./stack.ts";

/** A place that contains objects of a stack: a namespace, or a lab host itself. */
export interface StackHost extends PlaceParts {
  /** The name that a user gives: the name of its resource, or `host` for this machine. On another lab host, `lab2/red` or `lab2`. */
  readonly name: string;
}

/** This machine's own network stack, named `host` on the command line. */
export const THIS_MACHINE: StackHost = { name: "host", host: undefined, namespace: undefined };

/** Returns the namespaces of a stack, by name: its own, and others that contain its resources. */
export function hostsOf({ resources }: StackView): readonly StackHost[] {
  const own = resources
    .filter(({ type }) => type === "Namespace")
    .map((resource) =>
      stackHost(resource.name, { ...partsOf(resource), namespace: namespaceOf(resource) ?? resource.name }),
    );
  const known = new Set(own.map(placeAt));
  const others = new Map(resources.flatMap(placesOf).map((parts) => [placeAt(parts), parts]));
  const foreign = [...others].flatMap(([place, parts]) =>
    known.has(place) ? [] : [stackHost(parts.namespace ?? "", parts)],
  );
  return [...own, ...foreign].sort((left, right) => left.name.localeCompare(right.name, "en", { numeric: true }));
}

const stackHost = (name: string, parts: PlaceParts): StackHost => ({
  ...parts,
  name: placeName(placeAt({ ...parts, namespace: name })),
});

/** Returns the network stacks of a stack's lab hosts: that of this machine, and those of others. */
export const machinesOf = (view: StackView): readonly StackHost[] => [
  THIS_MACHINE,
  ...[...addressesOf(view).keys()].flatMap((host) =>
    host === undefined ? [] : [{ name: host, host, namespace: undefined }],
  ),
];

/**
 * Returns the lab hosts of a stack with their addresses; undefined for this machine, which is the first if it has a part of the lab.
 */
export function addressesOf({ resources }: StackView): ReadonlyMap<string | undefined, SshAddress | undefined> {
  const found = new Map<string | undefined, SshAddress | undefined>();
  if (resources.length === 0 || resources.some((resource) => hostOf(resource) === undefined))
    found.set(undefined, undefined);
  // The order in the state is that of creation, which differs from run to run.
  for (const resource of resources.toSorted((one, other) => compare(hostOf(one), hostOf(other)))) {
    const host = hostOf(resource);
    if (host === undefined || found.has(host)) continue;
    const ssh = v.safeParse(SSH, resource.outputs["__ssh"]);
    found.set(host, ssh.success ? ssh.output : { to: host, sudo: false });
  }
  return found;
}

const compare = (one = "", other = ""): number => (one < other ? -1 : one > other ? 1 : 0);

const SSH = v.object({ to: v.string(), sudo: v.boolean() });

/** Returns the lab host of a resource; undefined for this machine. */
export const hostOf = ({ outputs: { host } }: ResourceView): string | undefined =>
  typeof host === "string" ? host : undefined;

/** Returns the resources of a stack on one lab host. */
export const onHost = (view: StackView, host: string | undefined): StackView => ({
  ...view,
  resources: view.resources.filter((resource) => hostOf(resource) === host),
});

/** Returns the namespace of a resource; undefined for its lab host. A veth pair counts as in the namespace of its end `a`. */
export const namespaceOf = (resource: ResourceView): string | undefined =>
  factsOf(resource, resource.outputs)[0]?.namespace ?? undefined;

const partsOf = (resource: ResourceView): PlaceParts => ({ host: hostOf(resource), namespace: namespaceOf(resource) });

/** Returns all namespaces of a resource: a veth pair may be in two. */
const placesOf = (resource: ResourceView): readonly PlaceParts[] =>
  factsOf(resource, resource.outputs).flatMap(({ namespace }) =>
    namespace == null ? [] : [{ host: hostOf(resource), namespace }],
  );
