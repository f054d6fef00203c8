import * as v from "valibot";
import { field, rule } from "../schema.ts";
import { integerOr } from "../values.ts";
import type { OptionSource } from "./link-option.ts";

/* The traffic class (TOS) of a tunnel's packets. The kernel keeps 1 for that of the packet inside. */

/** Declares the traffic class of a tunnel's packets. */
export const trafficClass = () => ({
  entry: v.optional(field(integerOr("a traffic class", 0, 255, ["inherit"], 16)), 0),
  initial: 0,
  words: (tos: unknown): readonly string[] => ["tos", trafficClassWord(tos)],
  read: ({ data }: OptionSource): unknown => {
    const tos = numberOfHex(data["tos"]);
    return tos === 1 ? "inherit" : tos;
  },
});

/** Returns a traffic class as `ip` accepts it. */
export const trafficClassWord = (tos: unknown): string =>
  typeof tos === "number" ? `0x${tos.toString(16)}` : "inherit";

/** Returns a number that `ip` shows in hexadecimal, and not at all for 0. */
export const numberOfHex = (shown: unknown): number => (typeof shown === "string" ? Number.parseInt(shown, 16) : 0);

/** Declares the rule that a program gives the traffic class of the packet inside by its word. */
export const inheritsByWord = <Args extends { readonly tos: number | "inherit" }>() =>
  rule<Args, "tos">(["tos"], ({ tos }) =>
    tos === 1 ? { at: "tos", why: `1 stands for the traffic class of the inner packet; use "inherit"` } : undefined,
  );
