import * as pulumi from "@pulumi/pulumi";
import type { Namespace } from "./namespace.ts";
import { isReference } from "./resource.ts";

/** Where something is: in a {@link Namespace}, in one that is known by its name, or, left out, on the lab host itself. */
export type Place = Namespace | pulumi.Input<string> | undefined;

/** The name of a place, as the provider takes it. */
export const placeName = (place: Place): pulumi.Input<string> | undefined => (isNamespace(place) ? place.name : place);

/** The resource whose end is the end of all that is in a place; none where the program only refers to the place. */
export const endOf = (place: Place): Namespace | undefined =>
  isNamespace(place) && !isReference(place) ? place : undefined;

const isNamespace = (place: Place): place is Namespace => pulumi.Resource.isInstance(place);
