import { type Check, type Declared, describe, type Lab } from "./check.ts";

/** An IPv6 route by an IPv4 next hop, or by a group with one: the kernel refuses it. An IPv4 route may have an IPv6 next hop. */
export const nexthopFamily: Check = (lab) => {
  const destinations = new Map(lab.routes.map(({ resource, destination }) => [resource, destination]));
  return lab.references.flatMap(({ resource, place, argument, nhid }) => {
    if (destinations.get(resource)?.family !== "inet6") return [];
    const hop = hopsBy(lab, place, nhid).find(({ family }) => family === "inet");
    if (hop === undefined) return [];
    const why = hop.via === undefined ? 'has the family "inet"' : `has the IPv4 gateway ${hop.via.ip}`;
    return [
      {
        about: resource,
        refused: argument,
        message: `${nhid} leads to ${describe(hop.resource)}, which ${why}, and the kernel refuses an IPv6 route by it ("IPv6 routes can not use an IPv4 nexthop")`,
        help: 'use a Nexthop with an IPv6 gateway, e.g. via: "fd00::1", or one with an interface and family: "inet6"',
      },
    ];
  });
};

/** Returns the next hops with a number, and the members of a group with that number. */
function hopsBy({ nextHops, references }: Lab, place: string, nhid: number): Lab["nextHops"] {
  const numbered = (number: number) => nextHops.filter((hop) => hop.place === place && hop.nhid === number);
  const membersOf = (group: Declared) => references.filter((one) => one.resource === group);
  return numbered(nhid).flatMap((hop) => [hop, ...membersOf(hop.resource).flatMap((member) => numbered(member.nhid))]);
}
