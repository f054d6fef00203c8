import { type Command, InvalidArgumentError } from "commander";

/** The options of a ping's packet. */
export interface PacketOptions {
  readonly size?: number | undefined;
  readonly df?: true | undefined;
}

/** Adds the options of a ping's packet to a command. */
export const withPacketOptions = (command: Command): Command =>
  command
    .option(
      "--size <bytes>",
      "the bytes of the ping without its headers, which add 28 bytes in IPv4 and 48 in IPv6",
      bytes,
    )
    .option("--df", "do not fragment the packet");

/** Returns the options as a user would type them. */
export const packetWords = ({ size, df }: PacketOptions): string =>
  `${size === undefined ? "" : ` --size ${size}`}${df === true ? " --df" : ""}`;

function bytes(given: string): number {
  const value = Number(given);
  if (Number.isInteger(value) && value >= 0 && value <= LARGEST) return value;
  throw new InvalidArgumentError(`Use a number of bytes up to ${LARGEST}, e.g. 1472.`);
}

/** The largest content of a ping in an IPv4 packet. */
const LARGEST = 65_507;
