import * as v from "valibot";
import { field, hasUnknown } from "../schema.ts";
import { value } from "../values.ts";
import type { OptionSource } from "./link-option.ts";

/** A mapping of priorities. A priority without an entry is mapped to 0. */
type Priorities = Readonly<Record<string, number>>;

/**
 * Declares a mapping of the priorities of frames to those of packets, or the reverse.
 *
 * @param largest The largest priority on each side.
 */
export const priorityMap = (word: string, json: string, largest: { readonly from: number; readonly to: number }) => ({
  entry: v.optional(field(map(largest)), {}),
  initial: {},
  // A mapping is removed by mapping its priority to 0.
  words: (wanted: unknown, _link: object, has: unknown) => {
    const [now, old] = [wanted as Priorities, (has ?? {}) as Priorities];
    const changed = Object.keys({ ...old, ...now }).filter((from) => (now[from] ?? 0) !== (old[from] ?? 0));
    return changed.length === 0 ? [] : [word, ...changed.map((from) => `${from}:${now[from] ?? 0}`)];
  },
  read: ({ data }: OptionSource): unknown =>
    Object.fromEntries(((data[json] ?? []) as { from: number; to: number }[]).map(({ from, to }) => [from, to])),
});

const map = ({ from: largestFrom, to: largestTo }: { readonly from: number; readonly to: number }) =>
  value(
    {
      what: "a mapping of priorities",
      rules: `: from 0 to ${largestFrom}, each to a number from 0 to ${largestTo}, e.g. { "1": 2 }`,
      fault: () => undefined,
    },
    (given): Record<string, number> | undefined => {
      if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
      // Checked once all of them are known.
      if (hasUnknown(given)) return given as Record<string, number>;
      const entries = Object.entries(given as Record<string, unknown>);
      const isRight = entries.every(
        ([from, to]) => /^(0|[1-9]\d{0,9})$/.test(from) && Number(from) <= largestFrom && isPriority(to, largestTo),
      );
      return isRight ? Object.fromEntries(entries.filter(([, to]) => to !== 0) as [string, number][]) : undefined;
    },
  );

const isPriority = (given: unknown, largest: number): given is number =>
  typeof given === "number" && Number.isInteger(given) && given >= 0 && given <= largest;
