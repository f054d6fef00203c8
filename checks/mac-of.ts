import { text } from "../lab/arguments.ts";
import type { LabLink } from "./check.ts";

/** Returns the MAC address that the program gives an interface, or that follows from the stack; undefined if it is not known. */
export const macOf = ({ args }: LabLink): string | undefined => text(args, "mac")?.toLowerCase();
