import { Address4, Address6 } from "ip-address";
import { faultOfNetwork } from "../../provider/address-faults.ts";
import { type Cidr, cidr, contains, parseIp, withoutPrefixLength } from "../../provider/cidr.ts";
import { formatValue } from "../../provider/format-value.ts";
import { hostOrNetwork } from "../../provider/values.ts";
import { listOf, plainText } from "./component-args.ts";

/** A network whose addresses are selected by number. */
export interface Network extends Cidr {
  /** The network as text, for example `192.168.15.0/24`. */
  readonly text: string;
  /** The number of host bits. */
  readonly bits: number;
}

/**
 * Parses a network with at least the given number of host bits.
 *
 * @throws Error if the text is not a network, if it is a host's address, or if the network is too small.
 */
export function networkOf(text: unknown, atLeast: number): Network {
  const parsed = typeof text === "string" ? cidr(text) : undefined;
  if (parsed === undefined) {
    const fault = typeof text === "string" ? faultOfNetwork(text) : undefined;
    const why = fault === undefined ? ' in CIDR form, e.g. "192.168.15.0/24" or "fd00:15::/64"' : `: ${fault}`;
    throw new Error(`${formatValue(text)} is not a network${why}`);
  }
  const network = `${parsed.network}/${parsed.length}`;
  if (parsed.address !== parsed.network) {
    throw new Error(`${formatValue(text)} is a host address, but a network is required; the network is "${network}"`);
  }
  const bits = (parsed.family === "inet" ? 32 : 128) - parsed.length;
  if (bits < atLeast) {
    const longest = parsed.length + bits - atLeast;
    throw new Error(
      `${formatValue(text)} is too small; its prefix length may be at most /${longest}, e.g. "${parsed.network}/${longest}"`,
    );
  }
  return { ...parsed, text: network, bits };
}

/** What a list of networks is, with an example. */
export const NETWORK_LIST = 'a list of networks, e.g. ["192.168.15.0/24", "fd00:15::/64"]';

/** The type of a list of networks. */
export const NETWORKS = listOf(plainText(hostOrNetwork()), NETWORK_LIST);

/**
 * Applies a function to each network of a list.
 *
 * @throws Error if two of them overlap.
 */
export function eachNetwork<T>(networks: readonly string[], take: (network: string) => T): T[] {
  const taken = networks.map(take);
  for (const [index, one] of networks.entries()) {
    const other = networks
      .slice(0, index)
      .find((before) => contains(before, withoutPrefixLength(one)) || contains(one, withoutPrefixLength(before)));
    if (other !== undefined)
      throw new Error(
        `${formatValue(other)} and ${formatValue(one)} overlap. Leave one of them out; usually there is one network for each family`,
      );
  }
  return taken;
}

/** Returns the address with a given number in a network, in the spelling of the kernel's tools. */
export function addressAt({ family, network }: Network, number: bigint): string {
  const address =
    family === "inet"
      ? Address4.fromBigInt(new Address4(network).bigInt() + number)
      : Address6.fromBigInt(new Address6(network).bigInt() + number);
  const text = address.correctForm();
  return parseIp(text) ?? text;
}

/** Returns true for the network address and the broadcast address of an IPv4 network, which no host can have. */
export const isReservedAddress = (network: Network, address: string): boolean =>
  network.family === "inet" &&
  network.bits > 1 &&
  [0n, (1n << BigInt(network.bits)) - 1n].some((number) => addressAt(network, number) === address);

/** A value for each end of a link. */
export interface PerEnd<T> {
  /** The value for the first end. */
  a: T;
  /** The value for the second end. */
  b: T;
}

/**
 * Returns the addresses of the two ends of a link in a network, with their prefix lengths.
 *
 * @throws Error if the text is not a network, or if the network has fewer than two addresses.
 */
export function firstTwo(text: string): PerEnd<string> {
  const network = networkOf(text, 1);
  const [one, two] = network.bits === 1 ? ([0n, 1n] as const) : ([1n, 2n] as const);
  return { a: `${addressAt(network, one)}/${network.length}`, b: `${addressAt(network, two)}/${network.length}` };
}
