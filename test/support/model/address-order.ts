import { cidr } from "../../../provider/cidr.ts";

/**
 * Returns true if a link's IPv4 addresses are in the order of its list: within each network, and for the first address of each
 * network among the first ones. The kernel lists the first address of each network before all others, and addresses that are
 * separate resources may be anywhere.
 */
export function areInOrder(has: readonly string[], carried: readonly string[]): boolean {
  const firsts = has.filter((address, index) => has.findIndex((other) => isBeside(address, other)) === index);
  const groups = [firsts, ...firsts.map((first) => has.filter((address) => isBeside(address, first)))];
  return groups.every((group) => isSorted(group.flatMap((address) => placeIn(carried, address))));
}

const isBeside = (address: string, other: string): boolean => networkOf(address) === networkOf(other);

const networkOf = (address: string): string => `${cidr(address)?.network}/${cidr(address)?.length}`;

const placeIn = (list: readonly string[], address: string): number[] =>
  list.includes(address) ? [list.indexOf(address)] : [];

const isSorted = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
