import { cidr, contains, withoutPrefixLength } from "../cidr.ts";
import type { LinkAddress } from "../kernel/tools/ip.ts";
import type { AddressArgs } from "./address-args.ts";

/*
 * The order of a link's IPv4 addresses decides the source address of packets: the first address of a network, and of the network
 * that comes first. The kernel lists the first address of each network, the primary one, before all others.
 */

/**
 * Returns given addresses in the order in which the kernel uses them: unchanged if the kernel's order is equivalent, and
 * otherwise with the IPv4 addresses in the kernel's order. Addresses of the link that are not given are ignored.
 */
export function inOrderOf(entries: readonly LinkAddress[], given: readonly string[]): string[] {
  const own = entries.filter((entry) => entry.family === "inet" && given.includes(cidrOf(entry)));
  const texts = own.map(cidrOf);
  const wanted = given.filter((text) => texts.includes(text));
  const firsts = own.filter((entry) => !entry.secondary && (entry.scope ?? "global") === "global").map(cidrOf);
  const right =
    isInOrder(firsts, wanted) &&
    texts.every((text) =>
      isInOrder(
        texts.filter((other) => areInSameNetwork(other, text)),
        wanted,
      ),
    );
  if (right) return [...given];
  const kernel = texts.values();
  return given.map((text) => (texts.includes(text) ? (kernel.next().value ?? text) : text));
}

/** Returns whether an entry of a link is the address of a resource. */
export const isOn = (entry: LinkAddress, { address, peer }: AddressArgs): boolean =>
  cidrOf(entry) === address && entry.address === peer;

/** Returns an address as the kernel lists it once it is added after others. */
export const entryOf = (text: string, before: readonly LinkAddress[]): LinkAddress => ({
  family: "inet",
  local: withoutPrefixLength(text),
  prefixlen: Number(text.split("/")[1]),
  secondary: before.some((entry) => areInSameNetwork(cidrOf(entry), text)),
});

/** Returns an address of a link with its prefix length, as in arguments. */
export const cidrOf = ({ local, prefixlen }: LinkAddress): string => `${local}/${prefixlen}`;

const isInOrder = (texts: readonly string[], wanted: readonly string[]): boolean =>
  String(texts) === String(wanted.filter((text) => texts.includes(text)));

/** Returns whether two addresses with prefix lengths are in the same network, so that only one of them is primary. */
export function areInSameNetwork(left: string, right: string): boolean {
  const [one, other] = [cidr(left), cidr(right)];
  return one !== undefined && one.length === other?.length && contains(`${one.network}/${one.length}`, other.address);
}
