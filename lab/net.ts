import { Address6 } from "ip-address";
import { cidr, type Family, familyOf, parseIp } from "../provider/cidr.ts";
import { valuesOf } from "../provider/several.ts";

/** An address with its network, prepared for comparison: a network contains an address whose bits begin with its prefix. */
export interface Net {
  readonly family: Family;
  /** The address without its prefix length, in canonical form. */
  readonly ip: string;
  /** The first address of its network, in canonical form. */
  readonly network: string;
  /** All bits of the address, as a string of zeros and ones. */
  readonly bits: string;
  /** The bits of its network prefix. */
  readonly prefix: string;
}

/** Parses an address with a prefix length; undefined if it is invalid, which is then reported at its resource. */
export function net(text: string): Net | undefined {
  const parsed = cidr(text);
  if (parsed === undefined) return undefined;
  const bits = bitsOf(parsed.address);
  return {
    family: parsed.family,
    ip: parsed.address,
    network: parsed.network,
    bits,
    prefix: bits.slice(0, parsed.length),
  };
}

/** Parses an address without a prefix length; undefined if it is invalid. */
export function host(text: string): Net | undefined {
  const ip = parseIp(text);
  if (ip === undefined) return undefined;
  const bits = bitsOf(ip);
  return { family: familyOf(ip), ip, network: ip, bits, prefix: bits };
}

/** Parses an address, a network, or an address with a prefix length; undefined if it is invalid. */
export const hostOrNet = (text: string): Net | undefined => host(text) ?? net(text);

/** Parses the addresses and networks of an argument that takes one or several; without those that are invalid. */
export const netsIn = (given: string | readonly string[] | undefined): Net[] =>
  valuesOf(given).flatMap((text) => hostOrNet(text) ?? []);

/** Returns whether a network is a single address. */
export const isAddress = ({ prefix, bits }: Net): boolean => prefix.length === bits.length;

/** Returns a network as text, and a single address without a prefix length. */
export const netText = (net: Net): string => (isAddress(net) ? net.network : `${net.network}/${net.prefix.length}`);

/** Returns true if an address is in a network. */
export const holds = (network: Net, { family, bits }: Net): boolean =>
  network.family === family && bits.startsWith(network.prefix);

/** Returns true if an address is in one of several networks. */
export const hold = (networks: readonly Net[], address: Net): boolean =>
  networks.some((network) => holds(network, address));

/** Returns true if two networks have an address in common: one of them contains the other. */
export const overlap = (one: Net, other: Net): boolean =>
  one.family === other.family && (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix));

/** Returns true for link-local and loopback addresses, to which no route can lead. */
export const isLocal = ({ ip }: Pick<Net, "ip">): boolean => /^(fe[89ab].:|127\.|169\.254\.|::1$)/.test(ip);

const bitsOf = (ip: string): string =>
  ip.includes(":")
    ? new Address6(ip).bigInt().toString(2).padStart(128, "0")
    : ip.replaceAll(/\d+\.?/g, (part) => Number.parseInt(part, 10).toString(2).padStart(8, "0"));
