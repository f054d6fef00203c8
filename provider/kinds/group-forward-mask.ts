import * as v from "valibot";
import { faultOfInteger } from "../faults.ts";
import { field } from "../schema.ts";
import { number } from "../value.ts";
import type { OptionSource } from "./link-option.ts";

/** The group addresses that the kernel never forwards, as bits of a mask, and why. */
interface Refused {
  readonly bits: number;
  readonly why: string;
}

/**
 * Declares a mask of the group addresses 01:80:c2:00:00:00 to 01:80:c2:00:00:0f whose frames a bridge forwards, one bit for each. `ip`
 * accepts a number, and shows it in hexadecimal.
 */
export const groupForwardMask = ({ bits, why }: Refused) => ({
  entry: v.optional(field(mask({ bits, why })), 0),
  initial: 0,
  words: (given: unknown) => ["group_fwd_mask", `0x${(given as number).toString(16)}`],
  read: ({ data: { group_fwd_mask: shown } }: OptionSource) => (typeof shown === "string" ? Number(shown) : undefined),
});

const mask = ({ bits, why }: Refused) =>
  number({
    what: "a mask of group addresses",
    rules: ": a whole number from 0 to 65535, e.g. 16384 (0x4000) for the frames of LLDP",
    fault: (given) =>
      faultOfInteger(given, 0, 0xff_ff) ??
      (typeof given === "number" && (given & bits) !== 0
        ? `it has the bits 0x${(given & bits).toString(16)}. ${why}`
        : undefined),
  });
