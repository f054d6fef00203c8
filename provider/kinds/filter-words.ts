/** The numbers of the protocols that have a name in a rule. */
export const PROTOCOL_NUMBERS = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  ospf: 89,
  vrrp: 112,
  sctp: 132,
} as const;

/** A protocol: one with a name, or another by its number. */
export type Protocol = keyof typeof PROTOCOL_NUMBERS | number;

/** Returns the number of a protocol. */
export const protocolNumber = (protocol: Protocol): number =>
  typeof protocol === "number" ? protocol : PROTOCOL_NUMBERS[protocol];

/** Returns the name of a protocol, or the number of one without a name. */
export const protocolName = (given: number): Protocol =>
  (Object.keys(PROTOCOL_NUMBERS) as (keyof typeof PROTOCOL_NUMBERS)[]).find(
    (name) => PROTOCOL_NUMBERS[name] === given,
  ) ?? given;

/** Returns the protocol that nft shows by its number or by its name; a name that no protocol here has is returned as it is. */
export const protocolNamed = (shown: number | string): number | string =>
  typeof shown === "number" ? protocolName(shown) : shown === "ipv6-icmp" ? "icmpv6" : shown;

/** The states of a connection. */
export const CT_STATES = ["invalid", "established", "related", "new", "untracked"] as const;

const OF_BOTH = [
  "echo-request",
  "echo-reply",
  "destination-unreachable",
  "time-exceeded",
  "parameter-problem",
] as const;
const OF_ICMP = [
  "redirect",
  "router-advertisement",
  "router-solicitation",
  "timestamp-request",
  "timestamp-reply",
] as const;
const OF_ICMPV6 = [
  "packet-too-big",
  "nd-router-solicit",
  "nd-router-advert",
  "nd-neighbor-solicit",
  "nd-neighbor-advert",
  "nd-redirect",
  "mld-listener-query",
  "mld-listener-report",
  "mld-listener-done",
  "mld2-listener-report",
] as const;

/** The types of messages of ICMP, of either version. */
export const ICMP_TYPES = [...OF_BOTH, ...OF_ICMP, ...OF_ICMPV6] as const;

/** The types of messages of each version of ICMP. */
export const ICMP_TYPES_OF: Readonly<Record<"icmp" | "icmpv6", readonly string[]>> = {
  icmp: [...OF_BOTH, ...OF_ICMP],
  icmpv6: [...OF_BOTH, ...OF_ICMPV6],
};
