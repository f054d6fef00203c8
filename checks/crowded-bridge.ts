import type { Check } from "./check.ts";

/** More ports than a bridge can have, or than the lab host can flood without losing packets of others. */
export const crowdedBridge: Check = ({ links, ports }) =>
  [...Map.groupBy(ports, ({ bridge }) => bridge)].flatMap(([bridge, { length }]) => {
    const resource = links.get(bridge)?.resource;
    const trouble = troubleOf(length);
    if (resource === undefined || trouble === undefined) return [];
    return [{ about: resource, message: `${bridge} gets ${length} ports. ${trouble}` }];
  });

function troubleOf(ports: number): string | undefined {
  if (ports > MOST)
    return `A bridge has at most ${MOST}.\n  what to do: take a second bridge, and join the two with a cable`;
  if (ports > MANY)
    return (
      "A packet to all of them, such as IPv6's neighbour discovery when they come up, takes as many places in the lab " +
      "host's queue (net.core.netdev_max_backlog, usually 1000), and what finds none is dropped: also between Pulumi and its own " +
      'processes, which then may end with "connection reset by peer".\n' +
      "  what to do: raise it on the lab host (sysctl -w net.core.netdev_max_backlog=100000), or do with fewer ports"
    );
  return undefined;
}

/** What the kernel gives a bridge. */
const MOST = 1023;

/** Two packets to all of so many fill the queue. */
const MANY = 500;
