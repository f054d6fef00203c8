import { Address4, Address6 } from "ip-address";
import { cidr, type Family, familyOf, parseIp } from "./cidr.ts";
import { type Interval, mergeIntervals } from "./intervals.ts";

/** Returns the networks that cover exactly the addresses of the given networks: as few as possible, in ascending order. */
export function mergeNetworks(networks: readonly string[]): string[] {
  const byFamily = Map.groupBy(networks, familyOf);
  return (["inet", "inet6"] as const).flatMap((family) =>
    mergeIntervals((byFamily.get(family) ?? []).map(rangeOf)).flatMap((range) => networksIn(range, family)),
  );
}

/** Returns the networks that cover exactly the addresses from the first to the last: as few as possible. */
export const networksBetween = (first: string, last: string): string[] =>
  networksIn([numberOf(first), numberOf(last)], familyOf(first));

/**
 * Returns the normal form of an address, a network or a range such as `10.0.0.1-10.0.0.5`: an address, or else a network, if one
 * covers exactly these addresses. Undefined for any other text.
 */
export function normalizeRange(text: string): string | undefined {
  const [first, last, ...more] = text.includes("-") ? text.split("-").map(parseIp) : (boundsOf(text) ?? []);
  if (first === undefined || last === undefined || more.length > 0) return undefined;
  if (familyOf(first) !== familyOf(last) || numberOf(first) > numberOf(last)) return undefined;
  if (first === last) return first;
  const [network = "", ...others] = networksBetween(first, last);
  return others.length === 0 ? network : `${first}-${last}`;
}

/** Returns the first and the last address of an address, a network or a range. */
export function boundsOf(text: string): [first: string, last: string] | undefined {
  if (text.includes("-")) return text.split("-") as [string, string];
  const one = parseIp(text);
  if (one !== undefined) return [one, one];
  const parsed = cidr(text);
  if (parsed === undefined || parsed.address !== parsed.network) return undefined;
  const [from, to] = rangeOf(text);
  return [addressOf(from, parsed.family), addressOf(to, parsed.family)];
}

/** Returns the addresses from the first to the last, at most so many. */
export function addressesBetween(first: string, last: string, most: number): string[] {
  const [from, to] = [numberOf(first), numberOf(last)];
  const count = Math.min(Number(to - from) + 1, most);
  return Array.from({ length: count }, (_, index) => addressOf(from + BigInt(index), familyOf(first)));
}

/** Returns the range of the addresses of a network. */
export function rangeOf(network: string): Interval {
  const { family, length, network: first } = cidr(network) ?? NO_NETWORK;
  const from = numberOf(first);
  return [from, from + (1n << BigInt(BITS[family] - length)) - 1n];
}

const NO_NETWORK = { family: "inet", length: 32, network: "0.0.0.0" } as const;

const BITS = { inet: 32, inet6: 128 } as const;

function networksIn([from, to]: Interval, family: Family): string[] {
  const networks: string[] = [];
  for (let first = from; first <= to; ) {
    let length = BITS[family];
    while (length > 0 && fits(first, BITS[family] - length + 1, to)) length -= 1;
    networks.push(`${addressOf(first, family)}/${length}`);
    first += 1n << BigInt(BITS[family] - length);
  }
  return networks;
}

/** Returns whether a network with the given number of host bits can begin at an address and end before another. */
const fits = (first: bigint, bits: number, last: bigint): boolean => {
  const size = 1n << BigInt(bits);
  return first % size === 0n && first + size - 1n <= last;
};

const numberOf = (address: string): bigint =>
  familyOf(address) === "inet" ? new Address4(address).bigInt() : new Address6(address).bigInt();

function addressOf(number: bigint, family: Family): string {
  const address = (family === "inet" ? Address4.fromBigInt(number) : Address6.fromBigInt(number)).correctForm();
  return parseIp(address) ?? address;
}
