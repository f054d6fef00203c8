import type * as v from "valibot";

/** The definition of one kind of queueing discipline: its arguments, its words for `tc`, and how they are read. */
export interface QdiscSpec<Options extends object = object> {
  /** The kind as `tc qdisc` names it. */
  readonly kind: string;
  /** The options. */
  readonly fields: v.ObjectEntries;
  /** Rules over several options. */
  readonly rules: readonly v.RawCheckAction<Options>[];
  /** Returns the words after the kind. They state every option, because `tc` keeps some of those that are left out of a change. */
  readonly words: (options: Options, on: QdiscContext) => readonly string[];
  /**
   * Reads the options of an existing qdisc; undefined if it has others that no change in place can remove. A value that `tc` rounds is
   * the wanted one.
   */
  readonly read: (shown: Shown, wanted: Options, mtu: number | undefined) => Options | undefined;
  /** Returns the option that a qdisc cannot change in place and does not show, so that its handle depends on it. */
  readonly variant?: (options: Options) => string | undefined;
  /** Adds the variant to options that were read. */
  readonly withVariant?: (options: Options, variant: string | undefined) => Options;
  /** The variants, apart from none. */
  readonly variants?: readonly string[];
  /** The conversion of options for packets to some destinations, for kinds that have such options. */
  readonly classes?: QdiscClasses<Options>;
  /** Returns whether an existing qdisc must be deleted and created again to get the wanted options. */
  readonly replaces?: (seen: Options, wanted: Options) => boolean;
}

/** The conversion between the options of a resource and those of the qdiscs in its classes, one for each entry with destinations. */
export interface QdiscClasses<Options extends object> {
  /** Returns the options for all other packets, and those for packets to some destinations. */
  readonly split: (options: Options) => SplitOptions<Options>;
  /** Returns the options of the resource; the inverse of `split`. */
  readonly join: (split: SplitOptions<Options>) => Options;
}

/** The options for packets to some destinations, in their order, and those for all others. */
export interface SplitOptions<Options extends object> {
  readonly rest: Options;
  readonly classes: readonly ClassOptions<Options>[];
}

/** The options for packets to some destinations. */
export interface ClassOptions<Options extends object> {
  /** The addresses and networks. */
  readonly to: readonly string[];
  readonly options: Options;
}

/** The circumstances of a command that creates or changes a qdisc. */
export interface QdiscContext {
  /** The MTU of the interface; undefined if it is not known. */
  readonly mtu: number | undefined;
  readonly isNew: boolean;
}

/** The options of a qdisc in the JSON of `tc`. */
export type Shown = Readonly<Record<string, unknown>>;

/** The text form of a value in arguments, and the precision of `tc` for it. */
interface Rounded {
  /** Returns the amount of a value; undefined if there is no value. */
  readonly amountOf: (given: unknown) => number | undefined;
  /** Returns the value for an amount. */
  readonly textOf: (amount: number) => string;
  /** The largest difference that is no change. */
  readonly tolerance: number;
  /** The amount of a qdisc for which no value is given. */
  readonly usual?: number;
}

/** Returns an observed amount as a value: the wanted one if the amount is as near as `tc` can show it, and none if it is the usual one. */
export function roundedTo(
  wanted: string | undefined,
  seen: number,
  { amountOf, textOf, tolerance, usual = 0 }: Rounded,
): string | undefined {
  const expected = amountOf(wanted) ?? usual;
  if (Math.abs(seen - expected) <= tolerance + SIX_DIGITS * Math.abs(expected)) return wanted;
  return wanted === undefined && seen === usual ? undefined : textOf(seen);
}

// The JSON of `tc` has six digits.
const SIX_DIGITS = 1e-5;
