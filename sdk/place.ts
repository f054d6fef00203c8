import * as pulumi from "@pulumi/pulumi";
import { LAB_HOST } from "../provider/values.ts";
import type { Namespace } from "./namespace.ts";
import { plainNameOf } from "./namespace-names.ts";
import { isReference } from "./resource.ts";

/**
 * The location of an object: a {@link Namespace}, the name of one, a component with a namespace (a {@link Host} or {@link Router}), or
 * undefined for the lab host.
 */
export type Place = Namespace | Inhabited | pulumi.Input<string> | undefined;

/** A component that has a namespace of its own. */
export interface Inhabited extends pulumi.ComponentResource {
  readonly namespace: Namespace;
}

/** Returns the name of a namespace as an input for the provider. */
export function placeName(place: Place): pulumi.Input<string> | undefined {
  const namespace = withoutComponent(place);
  return isNamespace(namespace) ? namespace.name : namespace;
}

/** Returns a place with the namespace of a component in place of the component. */
export const withoutComponent = (place: Place): Exclude<Place, Inhabited> =>
  pulumi.ComponentResource.isInstance(place) ? place.namespace : place;

/** Returns the name of a namespace if it is a plain string: empty for the lab host, undefined if it is not known yet. */
export function knownPlaceName(place: Place): string | undefined {
  const namespace = withoutComponent(place);
  if (namespace === undefined) return "";
  if (isNamespace(namespace)) return plainNameOf(namespace);
  return typeof namespace === "string" ? namespace : undefined;
}

/** Returns the place that carries a tunnel's packets: its `underlay`, or the tunnel's own place. */
export const underlayPlace = (underlay: Place, own: Place): Place =>
  underlay === LAB_HOST ? undefined : (underlay ?? own);

/** Returns true if the program creates the namespace. */
export function ownsPlace(place: Place): boolean {
  const namespace = withoutComponent(place);
  return isNamespace(namespace) && !isReference(namespace);
}

const isNamespace = (place: Exclude<Place, Inhabited>): place is Namespace => pulumi.Resource.isInstance(place);
