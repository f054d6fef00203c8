import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { field, type Traits, valueAt } from "../schema.ts";
import { flag, hundredths, seconds } from "../values.ts";

/** An argument of one kind of link: its schema and default, its words for `ip link`, and its place in `ip -details -json`. */
export interface LinkOption<Entry extends v.GenericSchema = v.GenericSchema> {
  readonly entry: Entry;
  /** Returns the words after `type KIND` that set a value of a link in place of its current one. */
  readonly words: (value: unknown, link: object, current: unknown) => readonly string[];
  readonly read: (source: OptionSource) => unknown;
  /** The value of a new link if no value is given, and of a link for which `ip` shows none. */
  readonly initial?: unknown;
}

/** The data that options are read from. */
export interface OptionSource {
  /** The `info_data` of the link. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The kind of the link as `ip link` names it. */
  readonly device: string;
  /** The link's parent, if it is the wanted one. */
  readonly parent?: { readonly name: string; readonly namespace: string | undefined } | undefined;
  /** The underlay of a tunnel, if it is not the tunnel's own namespace, and the interface there that the tunnel names. */
  readonly underlay?: { readonly place: string | undefined; readonly dev: unknown } | undefined;
}

export type LinkOptions = Readonly<Record<string, LinkOption>>;

/** The arguments that options declare. */
export type OptionArgs<Own extends LinkOptions> = { [K in keyof Own]: v.InferOutput<Own[K]["entry"]> };

interface OptionFormat<T = unknown> extends Traits {
  /** The key in the JSON, if it differs from the word. */
  readonly json?: string;
  /** The value of a new link, if it differs from the default. */
  readonly initial?: T;
}

/** Declares an argument that is required to create a link of the kind. */
export const required = <S extends v.GenericSchema>(schema: S, word: string, spelling: OptionFormat = {}) => ({
  entry: field(schema, traitsIn(spelling)),
  ...optionFormat(word, spelling),
});

/** Declares an optional argument: if it is absent, the link has no value, or one that the kernel chooses. */
export const optional = <S extends v.GenericSchema>(schema: S, word: string, spelling: OptionFormat = {}) => ({
  entry: v.optional(field(schema, traitsIn(spelling))),
  ...optionFormat(word, spelling),
});

/** Declares an argument with a default. */
export const defaulted = <S extends v.GenericSchema, D extends v.InferInput<S>>(
  schema: S,
  word: string,
  value: D,
  spelling: OptionFormat<D> = {},
) => ({
  entry: v.optional(field(schema, traitsIn(spelling)), value),
  ...optionFormat(word, { initial: value, ...spelling }),
});

/** Declares an argument that `ip link` neither takes nor shows. */
export const apart = <S extends v.GenericSchema>(entry: S) =>
  ({ entry, words: () => [], read: () => undefined }) satisfies LinkOption;

/** Declares a switch that `ip` accepts and shows as 1 or 0. */
export const bit = (word: string, value = false) => ({
  entry: v.optional(field(flag()), value),
  initial: value,
  words: (on: unknown) => [word, on === true ? "1" : "0"],
  read: ({ data }: OptionSource) => (data[word] === undefined ? undefined : data[word] === 1),
});

/** Declares a switch that `ip` accepts as `on` or `off`, and shows as true or false. */
export const onOff = (word: string, value = false) => ({
  entry: v.optional(field(flag()), value),
  initial: value,
  words: (on: unknown) => [word, on === true ? "on" : "off"],
  read: ({ data }: OptionSource) => data[word],
});

/** Declares a switch that `ip` accepts as a word, with `no` before it for off, and shows as true or false. */
export const toggle = (word: string, value: boolean, spelling: OptionFormat<boolean> = {}) => ({
  entry: v.optional(field(flag(), traitsIn(spelling)), value),
  initial: value,
  words: (on: unknown) => [on === true ? word : `no${word}`],
  read: ({ data }: OptionSource) => data[spelling.json ?? word],
});

/** Declares a time in seconds, which `ip` accepts and shows in hundredths of a second. */
export const time = (word: string, value: number, range: Parameters<typeof seconds>[0]) => ({
  entry: v.optional(field(seconds({ ...range, example: value })), value),
  initial: value,
  words: (given: unknown) => [word, String(hundredths(given as number))],
  read: ({ data }: OptionSource) => (typeof data[word] === "number" ? data[word] / 100 : undefined),
});

/** Returns the schemas of options, by their names. */
export const optionEntries = <Own extends LinkOptions>(options: Own) =>
  Object.fromEntries(Object.entries(options).map(([name, { entry }]) => [name, entry])) as {
    [K in keyof Own]: Own[K]["entry"];
  };

/** Returns a link's options in the kernel. A value that no argument can express is left out, so it differs from any other. */
export const optionState = (options: LinkOptions, source: OptionSource): object =>
  Object.fromEntries(
    Object.entries(options).flatMap(([name, { entry, read, initial }]) => {
      const found = v.safeParse(entry, read(source) ?? initial);
      return found.success && found.output !== undefined ? [[name, found.output]] : [];
    }),
  );

/** Returns the values of a new link's options. */
export const initialOptions = (options: LinkOptions): object =>
  Object.fromEntries(
    Object.entries(options).flatMap(([name, { initial }]) => (initial === undefined ? [] : [[name, initial]])),
  );

/** Returns the words for the wanted options that differ from a link's current ones. */
export const optionWords = (options: LinkOptions, has: object, wanted: object): string[] =>
  Object.entries(options).flatMap(([name, { words }]) => {
    const [old, now] = [valueAt(has, name), valueAt(wanted, name)];
    return now === undefined || isDeepStrictEqual(now, old) ? [] : words(now, wanted, old);
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
