import type { Dice } from "./dice.ts";

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

export const aRef = (dice: Dice, key: number): { key: number; by: "object" | "name" } => ({
  key,
  by: dice.chance(0.85) ? "object" : "name",
});
