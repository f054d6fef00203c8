import { cidr } from "../../../provider/cidr.ts";

/**
 * Whether a link's IPv4 addresses are in the order of the list that it carries: those of each network, and the first ones of
 * the networks among each other. The kernel lists the first of each network before all others, and addresses that are
 * resources of their own may be anywhere.
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
