import { splitKey } from "../lab/hosts.ts";
import type { Check, LabLink } from "./check.ts";
import { describe, describePlace } from "./check.ts";

/** A port whose bridge is in another namespace, or is no resource of the program. */
export const unknownMaster: Check = ({ masters, links, namespaces, programs, incomplete }) => {
  if (incomplete.has("link")) return [];
  const named = Map.groupBy(links.values(), ({ key }) => nameOf(key));
  const seen = new Set<string>();
  return masters.flatMap(({ resource, place, link, master }) => {
    if (links.has(master) || seen.has(master)) return [];
    seen.add(master);
    const name = nameOf(master);
    const elsewhere = named.get(name)?.find(isMaster);
    if (elsewhere !== undefined) {
      return [
        {
          about: resource,
          message: `${nameOf(link)} in ${describePlace(place)} cannot be a port of ${name}: ${describe(elsewhere.resource)} is in ${describePlace(splitKey(elsewhere.key).place)}`,
          help: "put both into one namespace, or connect them with a Veth whose other end is the port",
        },
      ];
    }
    // Programs, and on the lab host other software, create bridges as well.
    if (place !== "" && (!namespaces.has(place) || programs.has(place))) return [];
    const where = place === "" ? "" : ` in ${describePlace(place)}`;
    return [
      {
        about: resource,
        message: `${nameOf(link)} is to be a port of ${name}${where}, which no resource of the program creates`,
        help:
          "refer to the Bridge instead of writing its name, and remove master if the bridge was removed" +
          (place === "" ? "; if other software creates it, turn this check off for the resource" : ""),
      },
    ];
  });
};

const isMaster = ({ traits }: LabLink): boolean => traits.members !== undefined;

const nameOf = (key: string): string => splitKey(key).name;
