import { Address4, Address6 } from "ip-address";

/** The two families of addresses, in the words of ip(8). */
export type Family = "inet" | "inet6";

/** A parsed address with its network's prefix length. */
export interface Cidr {
  readonly family: Family;
  readonly address: string;
  readonly length: number;
  /** The network's own address: all bits after the prefix are zero. */
  readonly network: string;
}

/** Parses `address/length`; undefined if the text has another form. */
export function cidr(text: string): Cidr | undefined {
  const [, length] = text.split("/");
  const parsed = length === undefined ? undefined : parse(text);
  if (parsed === undefined || length !== String(parsed.subnetMask)) return undefined;
  return {
    family: parsed instanceof Address4 ? "inet" : "inet6",
    address: spell(parsed),
    length: parsed.subnetMask,
    // Computed on demand: it costs more than all the rest, and few callers need it.
    get network() {
      return spell(parsed.startAddress());
    },
  };
}

/** Returns an address in the spelling of the kernel's tools; undefined if the text is not an address. */
export function parseIp(text: string): string | undefined {
  const parsed = text.includes("/") ? undefined : parse(text);
  return parsed === undefined ? undefined : spell(parsed);
}

/** Returns the family of a valid address or CIDR. */
export const familyOf = (address: string): Family => (address.includes(":") ? "inet6" : "inet");

/** Returns the name of a family in a text. */
export const familyName = (family: Family): "IPv4" | "IPv6" => (family === "inet" ? "IPv4" : "IPv6");

/** Returns whether two addresses have the same family. */
export const areOfOneFamily = (left: string, right: string): boolean => familyOf(left) === familyOf(right);

/** Returns an address without its prefix length. */
export const withoutPrefixLength = (address: string): string => address.split("/")[0] ?? address;

/** Returns a single address as the network of it alone. A text that is no single address is returned as it is. */
export const asNetwork = (text: string): string =>
  parseIp(text) === undefined ? text : `${text}/${familyOf(text) === "inet" ? 32 : 128}`;

/** Returns whether `address` is in `network`; false if either is invalid. */
export function contains(network: string, address: string): boolean {
  const [outer, inner] = [parse(network), parse(address)];
  if (outer instanceof Address4 && inner instanceof Address4) return inner.isInSubnet(outer);
  if (outer instanceof Address6 && inner instanceof Address6) return inner.isInSubnet(outer);
  return false;
}

/** Returns whether an address can belong to a host: it is neither a group's address nor all zeros. */
export function isHost(address: string): boolean {
  const parsed = parse(address);
  return parsed !== undefined && !parsed.isMulticast() && !/^[0:.]+$/.test(parsed.correctForm());
}

/** Returns whether an address is unique on one link only, so that it says nothing without an interface. */
export const isLinkLocal = (address: string): boolean => contains("fe80::/10", address);

/** Returns whether an address is that of a multicast group. */
export const isMulticast = (address: string): boolean => parse(address)?.isMulticast() ?? false;

/** Parses an address with or without a prefix length. The results are cached: the arguments of a lab are checked many times. */
function parse(text: string): Address4 | Address6 | undefined {
  if (!cache.has(text)) {
    if (cache.size === CACHED) cache.clear();
    cache.set(text, parseNew(text));
  }
  return cache.get(text);
}

const cache = new Map<string, Address4 | Address6 | undefined>();

const CACHED = 10_000;

function parseNew(text: string): Address4 | Address6 | undefined {
  // A zone such as %eth0 is an interface name that is valid on one host only, so it cannot be part of a program's data.
  if (!ADDRESS.test(text)) return undefined;
  if (Address4.isValid(text)) return new Address4(text);
  if (Address6.isValid(text)) return new Address6(text);
  return undefined;
}

/** Decides most texts that are no addresses, for which the library throws and catches an error. */
const ADDRESS = /^[\da-f.:]+(\/\d+)?$/i;

// The kernel's tools print an IPv4 address that is embedded in ::/96 or ::ffff:0:0/96 in dotted form.
function spell(address: Address4 | Address6): string {
  if (address instanceof Address4) return address.correctForm();
  const embedded = /^::(ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address.correctForm());
  if (embedded === null) return address.correctForm();
  const [high, low] = [Number.parseInt(embedded[2] ?? "", 16), Number.parseInt(embedded[3] ?? "", 16)];
  return `::${embedded[1] ?? ""}${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
