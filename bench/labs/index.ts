import type { Lab } from "../lab.ts";
import { chain } from "./chain.ts";
import { nat } from "./nat.ts";
import { star } from "./star.ts";

/** The labs that are measured, each with the sizes that are measured unless others are asked for. */
export const labs = {
  star: { sizes: [10, 100, 1000], make: star },
  chain: { sizes: [10, 50], make: chain },
  nat: { sizes: [500], make: nat },
} satisfies Record<string, { sizes: number[]; make: (size: number, options?: { ends?: boolean }) => Lab }>;

export type LabName = keyof typeof labs;
