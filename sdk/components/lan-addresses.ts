import { faultOfHost } from "../../provider/address-faults.ts";
import { type Family, parseIp } from "../../provider/cidr.ts";
import { formatValue } from "../../provider/format-value.ts";
import { AddressPool } from "./address-pool.ts";
import { eachNetwork } from "./network.ts";

/** The addresses of a {@link Lan} in all its networks. */
export class LanAddressPlan {
  readonly #lan: string;
  readonly #pools: readonly AddressPool[];

  /** @throws Error if two networks overlap, or if one of them is invalid or has no room for two hosts. */
  constructor(lan: string, networks: readonly string[]) {
    this.#lan = lan;
    this.#pools = eachNetwork(networks, (network) => new AddressPool(network));
  }

  /** The first address of each network. */
  get firsts(): string[] {
    return this.#pools.map((pool) => pool.first);
  }

  /** The IPv4 networks, in CIDR notation. */
  get ipv4Networks(): string[] {
    return this.#pools.filter(({ network }) => network.family === "inet").map(({ network }) => network.text);
  }

  /**
   * Reserves given addresses and returns them with their prefix lengths.
   *
   * @throws Error if an address is outside the LAN's networks or in use.
   */
  reserve(addresses: readonly string[], holder: string): string[] {
    return addresses.map((address) => {
      const fault = faultOfHost(address);
      const pool = this.#pools.find((candidate) => candidate.contains(address));
      if (fault === undefined && pool !== undefined) return pool.reserve(address, holder);
      const example = pool === undefined ? `, e.g. ${formatValue(this.#pools[0]?.example)}` : "";
      throw new Error(`${holder} cannot have ${formatValue(address)}: ${fault ?? this.#faultOf(address)}${example}`);
    });
  }

  /**
   * Returns the given addresses of a host, and an additional one in each network of the given families in which it has none.
   *
   * @throws Error if a network is full.
   */
  complete(addresses: readonly string[], holder: string, families: readonly Family[] = ["inet", "inet6"]): string[] {
    const missing = this.#pools.filter(
      (pool) => families.includes(pool.network.family) && !addresses.some((address) => pool.contains(address)),
    );
    return [...addresses, ...missing.map((pool) => pool.allocate(holder))];
  }

  /** Returns why a text that is no address of the LAN is none. */
  #faultOf(text: string): string {
    if (parseIp(text) === undefined) return "it is not an address; use one of the LAN";
    const networks = this.#pools.map(({ network }) => network.text).join(", ");
    return `it is outside the networks of the LAN ${this.#lan}, ${networks}; use an address in one of them`;
  }
}
