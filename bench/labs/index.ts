import type { Lab } from "../lab.ts";
import { chain } from "./chain.ts";
import { nat } from "./nat.ts";
import { seed } from "./seed.ts";
import { star } from "./star.ts";

/** A lab that can be created in any size. */
interface Measurable {
  /** The default sizes to measure. */
  readonly sizes: readonly number[];
  /** The default columns to measure; absent for all. */
  readonly columns?: readonly string[];
  make(size: number, options?: { ends?: boolean }): Lab;
}

export type LabName = "seed" | "star" | "chain" | "nat";

const FEW = ["batch", "bash", "provider", "empty-skip", "up-skip"];

export const labs: Readonly<Record<LabName, Measurable>> = {
  seed: { sizes: [2], columns: ["up-skip", "yaml-skip"], make: seed },
  star: { sizes: [10, 100, 1000], make: star },
  chain: { sizes: [10, 50], columns: FEW, make: chain },
  nat: { sizes: [500], columns: FEW, make: nat },
};
