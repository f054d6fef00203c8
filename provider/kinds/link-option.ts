import * as v from "valibot";
import { field, type Traits } from "../schema.ts";
import { flag, hundredths, seconds } from "../values.ts";

/** An argument of one kind of link: its validity and default, its words for `ip link`, and where `ip -details -json` shows it. */
export interface LinkOption<Entry extends v.GenericSchema = v.GenericSchema> {
  readonly entry: Entry;
  /** The words behind `type KIND` that set a value. */
  readonly words: (value: unknown) => readonly string[];
  readonly read: (source: OptionSource) => unknown;
  /** The value of a new link that is given no other, and of a link of which `ip` shows none. */
  readonly initial?: unknown;
}

/** What an option is read from. */
export interface OptionSource {
  /** The `info_data` of the link. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The link that it stands on, where that is the wanted one. */
  readonly parent?: { readonly name: string; readonly namespace: string | undefined } | undefined;
}

export type LinkOptions = Readonly<Record<string, LinkOption>>;

/** The arguments that options declare. */
export type OptionArgs<Own extends LinkOptions> = { [K in keyof Own]: v.InferOutput<Own[K]["entry"]> };

interface OptionFormat<T = unknown> extends Traits {
  /** The key in the JSON, where it differs from the word. */
  readonly json?: string;
  /** The value of a new link, where it differs from the default. */
  readonly initial?: T;
}

/** An argument without which no link of the kind can be created. */
export const required = <S extends v.GenericSchema>(schema: S, word: string, spelling: OptionFormat = {}) => ({
  entry: field(schema, traitsIn(spelling)),
  ...optionFormat(word, spelling),
});

/** An argument that may be left out: the link then has none, or what the kernel chooses. */
export const optional = <S extends v.GenericSchema>(schema: S, word: string, spelling: OptionFormat = {}) => ({
  entry: v.optional(field(schema, traitsIn(spelling))),
  ...optionFormat(word, spelling),
});

/** An argument with a default. */
export const defaulted = <S extends v.GenericSchema, D extends v.InferInput<S>>(
  schema: S,
  word: string,
  value: D,
  spelling: OptionFormat<D> = {},
) => ({
  entry: v.optional(field(schema, traitsIn(spelling)), value),
  ...optionFormat(word, { initial: value, ...spelling }),
});

/** A switch that `ip` takes and shows as 1 or 0. */
export const bit = (word: string, value = false) => ({
  entry: v.optional(field(flag()), value),
  initial: value,
  words: (on: unknown) => [word, on === true ? "1" : "0"],
  read: ({ data }: OptionSource) => (data[word] === undefined ? undefined : data[word] === 1),
});

/** A switch that `ip` takes as a word, with `no` before it when it is off, and shows as true or false. */
export const toggle = (word: string, value: boolean) => ({
  entry: v.optional(field(flag()), value),
  initial: value,
  words: (on: unknown) => [on === true ? word : `no${word}`],
  read: ({ data }: OptionSource) => data[word],
});

/** A time in seconds, which `ip` takes and shows in hundredths of a second. */
export const time = (word: string, value: number, range: Parameters<typeof seconds>[0]) => ({
  entry: v.optional(field(seconds({ ...range, example: value })), value),
  initial: value,
  words: (given: unknown) => [word, String(hundredths(given as number))],
  read: ({ data }: OptionSource) => (typeof data[word] === "number" ? data[word] / 100 : undefined),
});

/** The options of a link as the kernel has them. A value that no argument can ask for is left out, so it differs from any. */
export const optionState = (options: LinkOptions, source: OptionSource): object =>
  Object.fromEntries(
    Object.entries(options).flatMap(([name, { entry, read, initial }]) => {
      const found = v.safeParse(entry, read(source) ?? initial);
      return found.success && found.output !== undefined ? [[name, found.output]] : [];
    }),
  );

/** The values that the options of a new link have. */
export const initialOptions = (options: LinkOptions): object =>
  Object.fromEntries(
    Object.entries(options).flatMap(([name, { initial }]) => (initial === undefined ? [] : [[name, initial]])),
  );

/** The words for the wanted options that differ from those that a link has. */
export const optionWords = (options: LinkOptions, has: object, wanted: object): string[] =>
  Object.entries(options).flatMap(([name, { words }]) => {
    const [old, now] = [valueAt(has, name), valueAt(wanted, name)];
    return now === undefined || now === old ? [] : words(now);
  });

const optionFormat = (word: string, { json = word, initial }: OptionFormat) => ({
  words: (value: unknown): readonly string[] => [word, String(value)],
  read: ({ data }: OptionSource): unknown => data[json],
  initial,
});

const traitsIn = ({ replaces, computed }: Traits): Traits => ({
  ...(replaces !== undefined && { replaces }),
  ...(computed && { computed }),
});

const valueAt = (object: object, key: string): unknown => (object as Record<string, unknown>)[key];
