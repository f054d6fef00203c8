import { createHash } from "node:crypto";
import { contains, parseIp } from "../../provider/cidr.ts";
import { formatValue } from "../../provider/format-value.ts";
import { addressAt, isReservedAddress, type Network, networkOf } from "./network.ts";

/**
 * The addresses of a network and their holders.
 *
 * A name gets the first free address of a sequence that is derived from the name alone. So the address depends only on the name,
 * unless two names have the same candidate: then the name that came first keeps it.
 */
export class AddressPool {
  readonly network: Network;
  readonly #holders = new Map<string, string>();

  /** @throws Error if the text is not a network, or the network has room for fewer than two hosts. */
  constructor(text: string) {
    this.network = networkOf(text, 2);
  }

  /** The default address of a gateway. */
  get first(): string {
    return addressAt(this.network, 1n);
  }

  /** A free address, as an example; the first one if none is free. */
  get example(): string {
    for (let number = 1n; number <= BigInt(this.#holders.size) + 1n; number += 1n) {
      const address = addressAt(this.network, number);
      if (!this.#holders.has(address) && !isReservedAddress(this.network, address)) return address;
    }
    return this.first;
  }

  /** Returns true if an address is in this network. */
  contains(address: string): boolean {
    return contains(this.network.text, address);
  }

  /**
   * Reserves a given address and returns it with its prefix length.
   *
   * @throws Error if the address is in use, or is the network or broadcast address.
   */
  reserve(address: string, holder: string): string {
    const spelled = parseIp(address) ?? address;
    const other = this.#holders.get(spelled);
    if (other !== undefined) {
      throw new Error(
        `${holder} cannot have ${formatValue(address)}: ${other} already has it. Give one of them another address in ${this.network.text}`,
      );
    }
    if (isReservedAddress(this.network, spelled)) {
      throw new Error(
        `${holder} cannot have ${formatValue(address)}: it is the network or broadcast address. Use a host address, e.g. "${this.example}"`,
      );
    }
    this.#holders.set(spelled, holder);
    return `${spelled}/${this.network.length}`;
  }

  /**
   * Reserves an address for a name and returns it with its prefix length.
   *
   * @throws Error if the network is full.
   */
  allocate(name: string): string {
    for (const number of numbersOf(name, this.network.bits)) {
      const address = addressAt(this.network, number);
      if (!this.#holders.has(address)) return this.reserve(address, name);
    }
    throw new Error(
      `${this.network.text} is full: ${this.#holders.size} addresses are in use and none is left for ${name}. Use a larger network`,
    );
  }
}

/** Returns all numbers that a host may have, in the order in which a name tries them. */
function* numbersOf(name: string, bits: number): Generator<bigint> {
  const hash = createHash("sha256").update(name).digest();
  // More than 32 bits would make IPv6 addresses hard to read.
  const size = 1n << BigInt(Math.min(bits, 32));
  const [start, stride] = [hash.readBigUInt64BE(0), hash.readBigUInt64BE(8) | 1n];
  // An odd stride visits all numbers below a power of two.
  for (let step = 0n; step < size; step += 1n) {
    const number = (start + step * stride) % size;
    if (number !== 0n && number !== size - 1n) yield number;
  }
}
