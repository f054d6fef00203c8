import type { Dice } from "./dice.ts";
import type { Flat } from "./flat.ts";
import type { Kind, Lab } from "./lab.ts";

/** A sort of random lives: what they have, unlike the usual ones. */
export interface Sort {
  /** Whether the programs are on several lab hosts. */
  readonly isFar?: boolean;
  /** Returns the typical lab that a first program contains. */
  readonly template?: (dice: Dice) => Lab;
  /** The kinds of the other objects of a first program, with their frequencies. */
  readonly kinds?: readonly Kind[];
  /** Whether some objects exist before the programs, which adopt them. */
  readonly adopts?: boolean;
  /** The manual changes, which are then more frequent. */
  readonly byHand?: ByHand;
}

/**
 * Returns commands that change the objects of a stack by hand.
 *
 * @param stack The name of the stack in its marks and tables.
 */
export type ByHand = (dice: Dice, flat: Flat, stack: string) => string[][];
