import { Address4, Address6 } from "ip-address";

/** The two families of addresses, in the words of ip(8). */
export type Family = "inet" | "inet6";

/** An address with the length of its network's prefix, taken apart. */
export interface Cidr {
  readonly family: Family;
  readonly address: string;
  readonly length: number;
  /** The network's own address: all bits behind the prefix are zero. */
  readonly network: string;
}

/** Takes `address/length` apart; undefined when it is not exactly that. */
export function cidr(text: string): Cidr | undefined {
  const [, length] = text.split("/");
  const parsed = length === undefined ? undefined : parse(text);
  if (parsed === undefined || length !== String(parsed.subnetMask)) return undefined;
  return {
    family: parsed instanceof Address4 ? "inet" : "inet6",
    address: spell(parsed),
    length: parsed.subnetMask,
    // Costs more than all the rest, and few ask for it.
    get network() {
      return spell(parsed.startAddress());
    },
  };
}

/** An address in the spelling that the kernel's tools print; undefined when it is not an address. */
export function parseIp(text: string): string | undefined {
  const parsed = text.includes("/") ? undefined : parse(text);
  return parsed === undefined ? undefined : spell(parsed);
}

/** The family of an address or CIDR that is already known to be one. */
export const familyOf = (address: string): Family => (address.includes(":") ? "inet6" : "inet");

/** Whether two addresses are of one family. */
export const areOfOneFamily = (left: string, right: string): boolean => familyOf(left) === familyOf(right);

/** Whether `address` lies in the network of `cidr`; false when either is not what it should be. */
export function contains(network: string, address: string): boolean {
  const [outer, inner] = [parse(network), parse(address)];
  if (outer instanceof Address4 && inner instanceof Address4) return inner.isInSubnet(outer);
  if (outer instanceof Address6 && inner instanceof Address6) return inner.isInSubnet(outer);
  return false;
}

/** Whether an address may be the own one of a host: it names no group, and is not all zero. */
export function isHost(address: string): boolean {
  const parsed = parse(address);
  return parsed !== undefined && !parsed.isMulticast() && !/^[0:.]+$/.test(parsed.correctForm());
}

/** Whether an address is that of a multicast group. */
export const isMulticast = (address: string): boolean => parse(address)?.isMulticast() ?? false;

function parse(text: string): Address4 | Address6 | undefined {
  // A zone names an interface of one host, so it cannot be part of a program's data.
  if (text.includes("%")) return undefined;
  if (Address4.isValid(text)) return new Address4(text);
  if (Address6.isValid(text)) return new Address6(text);
  return undefined;
}

// The kernel's tools print an IPv4 address that is embedded in ::/96 or ::ffff:0:0/96 in dotted form.
function spell(address: Address4 | Address6): string {
  if (address instanceof Address4) return address.correctForm();
  const embedded = /^::(ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address.correctForm());
  if (embedded === null) return address.correctForm();
  const [high, low] = [Number.parseInt(embedded[2] ?? "", 16), Number.parseInt(embedded[3] ?? "", 16)];
  return `::${embedded[1] ?? ""}${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
