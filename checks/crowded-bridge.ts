import type { Message } from "../provider/message.ts";
import type { Check } from "./check.ts";

/** More ports than a bridge can have, or more than the lab host can flood without losing other packets. */
export const crowdedBridge: Check = ({ links, ports }) =>
  [...Map.groupBy(ports, ({ bridge }) => bridge)].flatMap(([bridge, { length }]) => {
    const resource = links.get(bridge)?.resource;
    const trouble = troubleOf(bridge, length);
    if (resource === undefined || trouble === undefined) return [];
    return [{ about: resource, ...trouble }];
  });

function troubleOf(bridge: string, ports: number): Message | undefined {
  if (ports > MOST)
    return {
      message: `${bridge} has ${ports} ports, and a bridge can have at most ${MOST}`,
      help: "add a second bridge, and connect the two with a veth pair",
    };
  if (ports > MANY)
    return {
      message:
        `${bridge} has ${ports} ports: a packet to all of them, such as IPv6 neighbor discovery at startup, takes one slot for each in ` +
        "the lab host's queue (net.core.netdev_max_backlog, usually 1000). When the queue is full, packets are dropped, including " +
        'those between Pulumi and its own processes, which may then fail with "connection reset by peer"',
      help: "raise the limit on the lab host (sysctl -w net.core.netdev_max_backlog=100000), or use fewer ports",
    };
  return undefined;
}

/** The kernel's limit on the ports of a bridge. */
const MOST = 1023;

/** Two broadcasts to this many ports fill the queue. */
const MANY = 500;
