import { areOfOneFamily } from "../cidr.ts";
import type { OptionSource } from "./link-option.ts";

/* The addresses of tunnels that run over IPv4 or IPv6. */

/** Returns the function that reads an address, which `ip` shows under another key for IPv6. */
export const addressIn =
  (word: string) =>
  ({ data }: OptionSource): unknown =>
    data[word] ?? data[`${word}6`];

/** Returns whether a change of an address is not to one of the same family: the kernel makes only those in place. */
export const isOtherFamily = (old: unknown, now: unknown): boolean =>
  typeof old !== "string" || typeof now !== "string" || !areOfOneFamily(old, now);

/** An address of the family that a VXLAN without addresses has. */
export const NO_ADDRESS = "0.0.0.0";
