import * as pulumi from "@pulumi/pulumi";
import type { Namespace } from "./namespace.ts";
import { plainNameOf } from "./namespace-names.ts";
import { isReference } from "./resource.ts";

/** The location of an object: a {@link Namespace}, the name of one, or undefined for the lab host. */
export type Place = Namespace | pulumi.Input<string> | undefined;

/** Returns the name of a namespace as an input for the provider. */
export const placeName = (place: Place): pulumi.Input<string> | undefined => (isNamespace(place) ? place.name : place);

/** Returns the name of a namespace if it is a plain string: empty for the lab host, undefined if it is not known yet. */
export function knownPlaceName(place: Place): string | undefined {
  if (place === undefined) return "";
  if (isNamespace(place)) return plainNameOf(place);
  return typeof place === "string" ? place : undefined;
}

/** Returns true if the program creates the namespace. */
export const ownsPlace = (place: Place): boolean => isNamespace(place) && !isReference(place);

const isNamespace = (place: Place): place is Namespace => pulumi.Resource.isInstance(place);
