import { type Check, describe, describePlace, shortList } from "./check.ts";
import { mayActIn } from "./open-lans.ts";

/**
 * A number of a next hop, in a route or in a group, that no Nexthop of its namespace has: the kernel refuses it. Not where a program may add
 * next hops.
 */
export const unknownNexthop: Check = ({ references, nextHops, namespaces, programs, incomplete }) => {
  if ((["next hop", "namespace", "program"] as const).some((is) => incomplete.has(is))) return [];
  return references.flatMap(({ resource, place, argument, nhid }) => {
    if (!namespaces.has(place) || mayActIn(programs, place)) return [];
    const numbers = nextHops.filter((hop) => hop.place === place).map((hop) => hop.nhid);
    if (numbers.includes(nhid)) return [];
    return [
      {
        about: resource,
        message: `${argument} of ${describe(resource)} is ${nhid}, but no Nexthop in ${describePlace(place)} has this number`,
        help: `use the Nexthop itself instead of its number; the numbers there are ${shortList(numbers.map(String)) || "none"}`,
      },
    ];
  });
};
