import { withHelp } from "./message.ts";
import { type Claimant, resourceOf } from "./owner.ts";

/** A resource that claims an object, with help of its own. */
type Claiming = Claimant & { readonly help?: string | undefined };

/** Returns the message for two resources of one program that claim the same object. */
export function duplicateClaim(claim: string, ...both: readonly [Claiming, Claiming]): string {
  const [one, other] = both.map(({ type, mark }) => `${type} ${resourceOf(mark)}`);
  const [own] = both.flatMap(({ help = [] }) => help);
  return withHelp(
    `${one} and ${other} declare the same ${shown(claim)}`,
    own ?? REMEDIES.find(([claims]) => claims.test(claim))?.[1] ?? "give one of them another name",
  );
}

/** Returns a claim as a text: that of an object whose name consists of several arguments says which these are. */
function shown(claim: string): string {
  for (const [pattern, textOf] of TEXTS) {
    const { groups } = pattern.exec(claim) ?? {};
    if (groups !== undefined)
      return `${textOf(groups)}${groups["place"] === undefined ? "" : ` of the namespace ${groups["place"]}`}`;
  }
  return claim;
}

type Groups = Readonly<Record<string, string | undefined>>;

const TEXTS: readonly (readonly [RegExp, (groups: Groups) => string])[] = [
  [
    /^route (?:(?<place>.+)\/)?(?<family>inet6?)\/(?<to>.+)\/table\/(?<table>\d+)\/metric\/(?<metric>\d+)$/,
    ({ family, to, table, metric }) =>
      `${ipOf(family)} ${to === "default" ? "default route" : `route to ${to}`} of metric ${metric} in the table ${table === "254" ? "main" : table}`,
  ],
  [
    /^filter chain (?:(?<place>.+)\/)?filter\/(?<chain>[a-z]+)(?:_at_(?<priority>-?\d+))?$/,
    ({ chain, priority = "0" }) => `filter chain ${chain} of priority ${priority}`,
  ],
  // The end of the claim stands for all that the rule says.
  [
    /^routing rule (?:(?<place>.+)\/)?(?<family>inet6?)\/(?<priority>\d+)\/[0-9a-f]{8}$/,
    ({ family, priority }) => `${ipOf(family)} routing rule of priority ${priority}`,
  ],
  [/^sysctl (?<place>.+?)\/(?<key>net\..+)$/, ({ key }) => `sysctl ${key}`],
];

const ipOf = (family: string | undefined): string => (family === "inet6" ? "IPv6" : "IPv4");

/** The help for two resources that claim the same object, for cases where a different name is not the solution. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /^route /,
    "give one of them another metric or table; of the routes to a destination, the kernel uses the one with the lowest metric",
  ],
  [/^(address|sysctl|neighbor|fdb entry) /, "remove one of them"],
  [/^routing rule /, "two rules with equal arguments are one: remove one of them, or give it another priority"],
  [/^next hop /, "give one of them another nhid"],
  [/^VLAN /, "a link has one interface for each VLAN: give one of them another VLAN ID"],
  [/^vrf table /, "give one of the VRFs another table"],
  [/^ipvlan mode /, "all ipvlans on one parent share its mode and flag; give them the same"],
  [/^udp port /, "give one of them another port"],
  [
    /^tunnel /,
    "the kernel tells the tunnels of an underlay apart by local, remote and key: give one of them another value",
  ],
  [/^Geneve /, "the kernel tells the Geneves of an underlay apart by vni and remote: give one of them another value"],
  [/^macvlan parent /, "a link of mode passthru must be the only one on its parent: give it another parent or mode"],
  [/^MAC address .* on /, "the links on one parent need different MAC addresses: leave out mac, and each gets its own"],
  [/^IP address .* on /, "the ipvlans on one parent need different addresses"],
  [
    /^VXLAN socket /,
    "on one UDP port of an underlay, either all VXLANs have a vni, or all are external, with vnifilter or without: give one of them another dstport",
  ],
  [
    /^external VXLAN /,
    "an external VXLAN without vnifilter receives all frames of its port: give one of them another dstport, or both vnifilter and different vnis",
  ],
  [/^VXLAN /, "a VXLAN identifier is unique for each port of an underlay: give one of them another vni"],
  [/^filter chain /, "merge the two into one resource, or give one of them another priority"],
  [
    /^(root qdisc|ingress) of /,
    "an interface has one queueing discipline for each direction: merge the two, or remove one. Netem has a rate, too",
  ],
  [/^hosts /, "merge the two into one resource"],
];
