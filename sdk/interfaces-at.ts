import { type InterfaceRef, interfaceAt } from "./interface.ts";
import type { Place } from "./place.ts";

/** Returns the name of an interface, or the names of a list of them, as {@link interfaceAt}. */
export const interfacesAt = (given: InterfaceRef | readonly InterfaceRef[] | undefined, place: Place): unknown =>
  isList(given) ? given.map((ref) => interfaceAt(ref, place)) : interfaceAt(given, place);

const isList = (given: InterfaceRef | readonly InterfaceRef[] | undefined): given is readonly InterfaceRef[] =>
  Array.isArray(given);
