import { lackedByTests } from "../vm/features.ts";
import type { Dice } from "./dice.ts";
import type { FilterThing, RuleThing, Shaper, ShaperThing } from "./lab.ts";

/* Names and values from short lists, so that collisions are frequent. */

const IDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"] as const;
const NAMESPACES = ["red", "blue", "green", "gold"] as const;
const LINKS = ["eth0", "eth1", "p1", "p2", "p3", "p4"] as const;
const BRIDGES = ["br0", "br1", "br2"] as const;
const ALTNAMES = ["uplink-of-the-first-router", "uplink-of-the-second-router"] as const;
export const COMPONENTS = ["ann", "ben", "cat", "dan"] as const;
export const LANS = ["home", "work"] as const;
export const WIRES = ["line", "wire"] as const;

export const aNamespaceName = (dice: Dice): string => dice.of(...NAMESPACES);
export const aLinkName = (dice: Dice): string => dice.of(...LINKS, ...LINKS, ...BRIDGES);
export const aBridgeName = (dice: Dice): string => dice.of(...BRIDGES, ...BRIDGES, ...LINKS);
export const aNodeName = (dice: Dice): string => dice.of(...COMPONENTS);
export const anAltname = (dice: Dice): string => dice.of(...ALTNAMES);
export const aMac = (dice: Dice): string => `02:00:00:00:00:0${1 + dice.below(9)}`;
export const aNeighborMac = (dice: Dice): string => `02:00:00:00:01:0${dice.below(3)}`;
export const anMtu = (dice: Dice): number => dice.of(1300, 1400, 1500, 9000);

/** Returns a resource name: often the kernel name of the object. */
export const anId = (dice: Dice, name?: string): string =>
  name !== undefined && dice.chance(0.5) ? name : dice.of(...IDS);

export function anAddress(dice: Dice, net = 1 + dice.below(4)): string {
  const number = 1 + dice.below(9);
  return dice.chance(0.2) ? `fd00:${net}::${number}/64` : `10.0.${net}.${number}/24`;
}

/** Returns addresses for a link, some of them in one network. */
export function someAddresses(dice: Dice): string[] {
  const net = 1 + dice.below(4);
  const count = dice.of(0, 1, 1, 1, 2, 3);
  return [...new Set(Array.from({ length: count }, () => anAddress(dice, dice.chance(0.7) ? net : undefined)))];
}

/** Returns a gateway in the network of one of the addresses, or none. */
export function someGateways(dice: Dice, addresses: readonly string[]): string[] {
  const address = dice.pick(addresses);
  if (address === undefined || dice.chance(0.5)) return [];
  return [address.replace(/\d+\/\d+$/, String(10 + dice.below(2)))];
}

/** Returns the rules of a chain. Only a chain of forwarded packets drops those that reach no rule: all others are pinged. */
export function aFilter(dice: Dice): Pick<FilterThing, "chain" | "policy" | "ports"> {
  const chain = dice.of("input", "forward");
  const ports = dice.shuffle([22, 80, 443]).slice(0, dice.below(4));
  return { chain, policy: chain === "forward" ? dice.of("accept", "drop") : "accept", ports };
}

/**
 * Returns a rule of policy routing. Each has a source: the kernel takes a rule without one as equal to any other of its priority and
 * table, and then does not add it.
 */
export const aRule = (dice: Dice): Pick<RuleThing, "priority" | "from" | "table"> => ({
  priority: dice.of(100, 200),
  from: dice.of("10.0.1.0/24", "10.0.2.0/24", "fd00:1::/64"),
  table: dice.of(9001, 9002),
});

export const aShaper = (dice: Dice): Pick<ShaperThing, "type" | "amount"> => ({
  type: dice.of(...SHAPERS),
  amount: 1 + dice.below(9),
});

/** Returns a setting that a program may change, with values for it. */
export const aSetting = (dice: Dice): Setting => dice.of<Setting>(...SETTINGS);

const SETTINGS = [
  { name: "net.ipv4.ip_forward", values: ["1", "0"] },
  { name: "net.ipv4.conf.all.forwarding", values: ["1", "0"] },
  { name: "net.ipv6.conf.all.forwarding", values: ["1"] },
  { name: "net.ipv4.ip_default_ttl", values: ["63", "65"] },
  { name: "net.ipv4.conf.*.proxy_arp", values: ["1"] },
] as const satisfies readonly { name: string; values: readonly [string, ...string[]] }[];

interface Setting {
  readonly name: string;
  readonly values: readonly [string, ...string[]];
}

const lacking = lackedByTests();

/** The queueing disciplines that the kernel of the tests has. */
const SHAPERS: readonly [Shaper, ...Shaper[]] = [
  "Tbf",
  ...(lacking.includes("netem") ? [] : ["Netem" as const]),
  ...(lacking.includes("fq-codel") ? [] : ["FqCodel" as const]),
];

export const aRef = (dice: Dice, key: number): { key: number; by: "object" | "name" } => ({
  key,
  by: dice.chance(0.85) ? "object" : "name",
});

/** Returns the sources of a NAT rule: one network, or two that nft cannot merge. */
export function someSources(dice: Dice): string | readonly string[] {
  const network = `10.0.${1 + dice.below(5)}.0/24`;
  return dice.chance(0.3) ? [network, "10.1.0.0/16"] : network;
}
