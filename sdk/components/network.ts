import { Address4, Address6 } from "ip-address";
import { faultOfNetwork } from "../../provider/address-faults.ts";
import { type Cidr, cidr, parseIp } from "../../provider/cidr.ts";
import { given } from "../../provider/schema.ts";

/** A network, with its addresses by their numbers. */
export interface Network extends Cidr {
  /** The network as `192.168.15.0/24`. */
  readonly text: string;
  /** How many bits of its addresses are free. */
  readonly bits: number;
}

/**
 * Takes a network that has at least so many free bits.
 *
 * @throws Error when it is none, when it is a host's address, and when it has no room.
 */
export function networkOf(text: unknown, atLeast: number): Network {
  const parsed = typeof text === "string" ? cidr(text) : undefined;
  if (parsed === undefined) {
    const fault = typeof text === "string" ? faultOfNetwork(text) : undefined;
    const why = fault === undefined ? ' in CIDR form, e.g. "192.168.15.0/24" or "fd00:15::/64"' : `: ${fault}`;
    throw new Error(`${given(text)} is not a network${why}`);
  }
  const network = `${parsed.network}/${parsed.length}`;
  if (parsed.address !== parsed.network) {
    throw new Error(`${given(text)} is a host address, but a network is required; the network is "${network}"`);
  }
  const bits = (parsed.family === "inet" ? 32 : 128) - parsed.length;
  if (bits < atLeast) {
    const longest = parsed.length + bits - atLeast;
    throw new Error(
      `${given(text)} is too small; its prefix length may be at most /${longest}, e.g. "${parsed.network}/${longest}"`,
    );
  }
  return { ...parsed, text: network, bits };
}

/**
 * Takes each of a list of networks.
 *
 * @throws Error when it is no list, which only a program without types can give.
 */
export function eachNetwork<T>(networks: readonly string[], take: (network: string) => T): T[] {
  if (Array.isArray(networks)) return networks.map(take);
  throw new Error(`${given(networks)} is not a list of networks, e.g. ["192.168.15.0/24", "fd00:15::/64"]`);
}

/** The address with a number in its network, as the kernel's tools spell it. */
export function addressAt({ family, network }: Network, number: bigint): string {
  const address =
    family === "inet"
      ? Address4.fromBigInt(new Address4(network).bigInt() + number)
      : Address6.fromBigInt(new Address6(network).bigInt() + number);
  const text = address.correctForm();
  return parseIp(text) ?? text;
}

/** Whether no host can have an address: in IPv4, the first and the last of a network are the network's own. */
export const isOfNetwork = (network: Network, address: string): boolean =>
  network.family === "inet" &&
  network.bits > 1 &&
  [0n, (1n << BigInt(network.bits)) - 1n].some((number) => addressAt(network, number) === address);

/** Something of each end of a cable. */
export interface Sides<T> {
  a: T;
  b: T;
}

/**
 * The addresses of the two ends of a cable in a network, with their prefix lengths.
 *
 * @throws Error when it is no network, or has no two addresses.
 */
export function firstTwo(text: string): Sides<string> {
  const network = networkOf(text, 1);
  const [one, two] = network.bits === 1 ? ([0n, 1n] as const) : ([1n, 2n] as const);
  return { a: `${addressAt(network, one)}/${network.length}`, b: `${addressAt(network, two)}/${network.length}` };
}

/** An address without the length of its network's prefix. */
export const bare = (address: string): string => address.split("/")[0] ?? address;
