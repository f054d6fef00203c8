import { Address6 } from "ip-address";
import { cidr, type Family, familyOf, parseIp } from "../provider/cidr.ts";

/** An address with its network, ready to be compared: a network contains what begins with its bits. */
export interface Net {
  readonly family: Family;
  /** The address alone, in one spelling. */
  readonly ip: string;
  /** All bits of the address, as a text of zeros and ones. */
  readonly bits: string;
  /** The bits of its network. */
  readonly prefix: string;
}

/** Takes an address with its prefix length apart; undefined when it is none, which is then an error of its resource. */
export function net(text: string): Net | undefined {
  const parsed = cidr(text);
  if (parsed === undefined) return undefined;
  const bits = bitsOf(parsed.address);
  return { family: parsed.family, ip: parsed.address, bits, prefix: bits.slice(0, parsed.length) };
}

/** An address that has no prefix length; undefined when it is none. */
export function host(text: string): Net | undefined {
  const ip = parseIp(text);
  if (ip === undefined) return undefined;
  const bits = bitsOf(ip);
  return { family: familyOf(ip), ip, bits, prefix: bits };
}

/** Whether an address lies in a network. */
export const holds = (network: Net, { family, bits }: Net): boolean =>
  network.family === family && bits.startsWith(network.prefix);

/** Whether each link has an address like it, or none but its own host sees it: nothing that a route could lead to. */
export const isLocal = ({ ip }: Net): boolean => /^(fe[89ab].:|127\.|169\.254\.|::1$)/.test(ip);

const bitsOf = (ip: string): string =>
  ip.includes(":")
    ? new Address6(ip).bigInt().toString(2).padStart(128, "0")
    : ip.replaceAll(/\d+\.?/g, (part) => Number.parseInt(part, 10).toString(2).padStart(8, "0"));
