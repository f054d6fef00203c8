import * as pulumi from "@pulumi/pulumi";
import type { Namespace } from "./namespace.ts";
import { plainNameOf } from "./namespace-names.ts";
import { isReference } from "./resource.ts";

/** Where something is: in a {@link Namespace}, in one that is known by its name, or, left out, on the lab host itself. */
export type Place = Namespace | pulumi.Input<string> | undefined;

/** The name of a place, as the provider takes it. */
export const placeName = (place: Place): pulumi.Input<string> | undefined => (isNamespace(place) ? place.name : place);

/** The name of a place where the program gives it as plain text: empty for the lab host, undefined where it is not known yet. */
export function plainPlace(place: Place): string | undefined {
  if (place === undefined) return "";
  if (isNamespace(place)) return plainNameOf(place);
  return typeof place === "string" ? place : undefined;
}

/** Whether the program makes the place that something is in. */
export const isAtHome = (place: Place): boolean => isNamespace(place) && !isReference(place);

const isNamespace = (place: Place): place is Namespace => pulumi.Resource.isInstance(place);
