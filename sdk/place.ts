import * as pulumi from "@pulumi/pulumi";
import { LAB_HOST } from "../provider/values.ts";
import { defaultHost, LabHost } from "./components/lab-host.ts";
import type { Namespace } from "./namespace.ts";
import { hostOfNamespace, plainNameOf } from "./namespace-names.ts";
import { isReference } from "./resource.ts";

/**
 * The location of an object: a {@link Namespace}, the name of one, a component with a namespace (a {@link Host} or {@link Router}), a
 * {@link LabHost} for its own network stack, or undefined for that of the default lab host, which is this machine.
 */
export type Place = Namespace | Inhabited | LabHost | pulumi.Input<string> | undefined;

/** A component that has a namespace of its own. */
export interface Inhabited extends pulumi.ComponentResource {
  readonly namespace: Namespace;
}

/** Returns the name of a namespace as an input for the provider. */
export function placeName(place: Place): pulumi.Input<string> | undefined {
  const namespace = namespaceOf(place);
  return isNamespace(namespace) ? namespace.name : namespace;
}

/** Returns the lab host of a place; undefined for this machine. A namespace that is given by its name is on the default lab host. */
export function hostOf(place: Place): LabHost | undefined {
  if (place instanceof LabHost) return place;
  const namespace = namespaceOf(place);
  return isNamespace(namespace) ? hostOfNamespace(namespace) : defaultHost();
}

/** Returns the namespace of a place; undefined for the network stack of a lab host. */
export function namespaceOf(place: Place): Exclude<Place, Inhabited | LabHost> {
  if (place instanceof LabHost) return undefined;
  return pulumi.ComponentResource.isInstance(place) ? place.namespace : place;
}

/** Returns a key of a place that equals that of the same place; undefined if the name of the namespace is not known yet. */
export function placeKey(place: Place): string | undefined {
  const namespace = namespaceOf(place);
  const name = isNamespace(namespace) ? plainNameOf(namespace) : (namespace ?? "");
  return typeof name === "string" ? `${hostOf(place)?.name ?? ""}:${name}` : undefined;
}

/** Returns the place that carries a tunnel's packets: its `underlay`, or the tunnel's own place. */
export const underlayPlace = (underlay: Place, own: Place): Place =>
  underlay === LAB_HOST ? hostOf(own) : (underlay ?? own);

/** Returns true if the program creates the namespace. */
export function ownsPlace(place: Place): boolean {
  const namespace = namespaceOf(place);
  return isNamespace(namespace) && !isReference(namespace);
}

const isNamespace = (place: Exclude<Place, Inhabited | LabHost>): place is Namespace =>
  pulumi.Resource.isInstance(place);
