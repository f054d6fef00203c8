import { type Check, describe, describePlace, type Lab, shortList } from "./check.ts";
import { mayActIn } from "./open-lans.ts";

/**
 * A number of a next hop, in a route or in a group, that no Nexthop of its namespace has: the kernel refuses it. Not where a program may add
 * next hops.
 */
export const unknownNexthop: Check = ({ references, nextHops, namespaces, programs, incomplete }) => {
  if ((["next hop", "namespace", "program"] as const).some((is) => incomplete.has(is))) return [];
  return references.flatMap(({ resource, place, argument, nhid }) => {
    if (!namespaces.has(place) || mayActIn(programs, place)) return [];
    const there = nextHops.filter((hop) => hop.place === place);
    if (there.some((hop) => hop.nhid === nhid)) return [];
    const elsewhere = nextHops.filter((hop) => hop.nhid === nhid);
    // A group cannot be a member of itself.
    const others = there.filter((hop) => hop.resource !== resource);
    return [
      {
        about: resource,
        refused: argument,
        message: `no Nexthop in ${describePlace(place)} has the number ${nhid}${elsewhere.length === 0 ? "" : `; ${isElsewhere(elsewhere)}`}`,
        help:
          elsewhere.length > 0 || others.length === 0
            ? `declare a Nexthop with nhid ${nhid} in ${describePlace(place)}`
            : `refer to the Nexthop instead of writing its number; the numbers there are ${shortList(others.map((hop) => String(hop.nhid)))}`,
      },
    ];
  });
};

const isElsewhere = (hops: Lab["nextHops"]): string =>
  `${shortList(hops.map(({ resource, place }) => `${describe(resource)} is in ${describePlace(place)}`))}, and a next hop is seen only in its own namespace`;
