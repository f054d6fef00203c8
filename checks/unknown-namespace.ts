import { meantBy } from "../provider/edit-distance.ts";
import type { Check } from "./check.ts";

/** A namespace that the program does not create, and whose name is that of one that it creates but for a letter or two. */
export const unknownNamespace: Check = ({ placed, namespaces, incomplete }) => {
  if (incomplete.has("namespace")) return [];
  const seen = new Set<string>();
  return placed.flatMap(({ resource, place }) => {
    if (namespaces.has(place) || seen.has(place)) return [];
    seen.add(place);
    const meant = meantBy(place, namespaces);
    if (meant === undefined) return [];
    return [
      {
        about: resource,
        message: `no resource creates the namespace ${place}; did you mean ${meant}?`,
        help: "use the Namespace resource itself instead of its name",
      },
    ];
  });
};
