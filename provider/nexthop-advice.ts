import type { Command } from "./kernel/command.ts";

/** Returns what to do after the kernel rejected a next hop object, or a route by one; undefined if there is no advice. */
export function nexthopAdvice(command: Command, said: string): string | undefined {
  if (command.tool !== "ip") return undefined;
  if (/invalid nexthop id|nexthop id does not exist/i.test(said)) {
    const { namespace } = command;
    const listing = `\`ip ${namespace === undefined ? "" : `-n ${namespace} `}nexthop show\` lists the next hops there`;
    return `a next hop must exist in the same place before a route or a group uses it; ${listing}. Refer to the Nexthop instead of writing its number`;
  }
  return ADVICE.find(([pattern]) => pattern.test(said))?.[1];
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /group can not be a nexthop within a group/i,
    "a group cannot be a member of a group. List the members of that group instead",
  ],
  [
    /blackhole nexthop can not be used in a group/i,
    "a next hop with blackhole can only be the one member of a group. Remove it, or the other members",
  ],
  [
    /IPv6 routes can not use an IPv4 nexthop/i,
    'an IPv6 route needs a next hop with an IPv6 gateway, e.g. via: "fd00::1", or one with an interface and family: "inet6"',
  ],
  [
    /(nexthop device|device for nexthop) is not up|carrier for nexthop device is down/i,
    "the interface of a next hop, for blackhole lo, must be up, as must the other end of its cable. Set up: true there, or bring it up with `ip link set dev NAME up`",
  ],
];
