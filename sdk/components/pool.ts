import { createHash } from "node:crypto";
import { contains, parseIp } from "../../provider/cidr.ts";
import { given } from "../../provider/schema.ts";
import { addressAt, isOfNetwork, type Network, networkOf } from "./network.ts";

/**
 * The addresses of a network, and who has which.
 *
 * Who is given one gets the first that is free in a sequence that follows from its name alone. So an address depends on
 * nothing but the name, unless two names come upon the same number: then the one that came first keeps it.
 */
export class Pool {
  readonly network: Network;
  readonly #holders = new Map<string, string>();

  /** @throws Error when the text is not a network, or has room for fewer than two hosts. */
  constructor(text: string) {
    this.network = networkOf(text, 2);
  }

  /** The address that a gateway has if it is told none. */
  get first(): string {
    return addressAt(this.network, 1n);
  }

  /** Whether an address is one of this network's. */
  has(address: string): boolean {
    return contains(this.network.text, address);
  }

  /**
   * Gives an address that was asked for, with its prefix length.
   *
   * @throws Error when another has it, or nobody can.
   */
  reserve(address: string, holder: string): string {
    const spelled = parseIp(address) ?? address;
    const other = this.#holders.get(spelled);
    if (other !== undefined) {
      throw new Error(
        `${holder} cannot have ${given(address)}: ${other} already has it. Give one of them another address in ${this.network.text}`,
      );
    }
    if (isOfNetwork(this.network, spelled)) {
      throw new Error(
        `${holder} cannot have ${given(address)}: it is the network or broadcast address. Use a host address, e.g. "${this.first}"`,
      );
    }
    this.#holders.set(spelled, holder);
    return `${spelled}/${this.network.length}`;
  }

  /**
   * Gives an address to a name, with its prefix length.
   *
   * @throws Error when none is left.
   */
  draw(name: string): string {
    for (const number of numbersOf(name, this.network.bits)) {
      const address = addressAt(this.network, number);
      if (!this.#holders.has(address)) return this.reserve(address, name);
    }
    throw new Error(
      `${this.network.text} is full: ${this.#holders.size} addresses are in use and none is left for ${name}. Use a larger network`,
    );
  }
}

/** All numbers that a host may have, in the order in which a name tries them. */
function* numbersOf(name: string, bits: number): Generator<bigint> {
  const hash = createHash("sha256").update(name).digest();
  // More than 32 bits would only make IPv6 addresses hard to read.
  const size = 1n << BigInt(Math.min(bits, 32));
  const [start, stride] = [hash.readBigUInt64BE(0), hash.readBigUInt64BE(8) | 1n];
  // An odd stride leads over all numbers of a power of two.
  for (let step = 0n; step < size; step += 1n) {
    const number = (start + step * stride) % size;
    if (number !== 0n && number !== size - 1n) yield number;
  }
}
