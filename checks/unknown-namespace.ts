import { splitPlace } from "../lab/hosts.ts";
import { meantBy } from "../provider/edit-distance.ts";
import { type Check, describePlace } from "./check.ts";

/** A namespace that the program does not create, and whose name is that of one on the same lab host but for a letter or two. */
export const unknownNamespace: Check = ({ placed, namespaces, incomplete }) => {
  if (incomplete.has("namespace")) return [];
  const seen = new Set<string>();
  return placed.flatMap(({ resource, place }) => {
    if (namespaces.has(place) || seen.has(place)) return [];
    seen.add(place);
    const { host, namespace } = splitPlace(place);
    const beside = [...namespaces].map(splitPlace).filter((one) => one.host === host);
    const names = beside.flatMap((one) => one.namespace ?? []);
    const meant = namespace === undefined ? undefined : meantBy(namespace, names);
    if (meant === undefined) return [];
    return [
      {
        about: resource,
        message: `no resource creates ${describePlace(place)}; did you mean ${meant}?`,
        help: "refer to the Namespace instead of writing its name",
      },
    ];
  });
};
