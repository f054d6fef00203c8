import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { type Field, type Fields, fieldsOf, itemFieldsOf, type Traits, traitsOf } from "./entries.ts";
import { formatValue } from "./format-value.ts";
import { faultOfListInText, oneInText } from "./list-in-text.ts";
import { withHelp } from "./message.ts";
import { missingArgument } from "./missing-argument.ts";
import { unknownArgument } from "./unknown-argument.ts";

export { type Field, type Fields, fieldsOf, itemFieldsOf, type Traits, traitsOf } from "./entries.ts";

/** The placeholder for a value that the engine does not know yet; it can replace a value of any type, at any depth. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const isUnknown = (value: unknown): boolean => value === UNKNOWN;

/** Returns whether a value, or any value in it, is not known yet. */
export const hasUnknown = (value: unknown): boolean =>
  isUnknown(value) || (isObject(value) && Object.values(value).some(hasUnknown));

/** The arguments of a kind, each with its validation, default and traits. Check, diff and the docs are derived from it. */
export type Schema<Args = unknown> = v.GenericSchema<unknown, Args> & { readonly entries: Fields };

/** Declares an argument. A value that is not known yet passes; it is checked once it is known. */
export function field<S extends v.GenericSchema>(schema: S, traits: Traits = {}) {
  return v.pipe(
    v.lazy((input) => (isUnknown(input) ? (v.any() as unknown as S) : schema)),
    v.metadata(traits as Record<string, unknown>),
  );
}

/** Declares an argument that is a list of values, each of which may be unknown; an empty list counts as absent. */
export function list<T>(schema: v.GenericSchema<unknown, T>, what: string, traits: Traits = {}) {
  const values = v.pipe(
    v.array(
      field(oneInText(schema)),
      ({ input }) => faultOfListInText(input, schema) ?? `${formatValue(input)} is not ${what}`,
    ),
    v.checkItems(
      (value, index, all) => isUnknown(value) || all.indexOf(value) === index,
      ({ input }) => `${formatValue(input)} is listed twice`,
    ),
    v.transform((items) => (items.length === 0 ? undefined : items)),
  );
  return field(values, traits);
}

/** Declares an argument that is a list of groups, in their order; an empty list counts as absent. */
export function groups<G extends v.GenericSchema & { readonly entries: Fields }>(
  item: G,
  what: string,
  traits: Traits = {},
) {
  const items = v.pipe(
    v.array(item, ({ input }) => `${formatValue(input)} is not ${what}`),
    v.transform((all) => (all.length === 0 ? undefined : all)),
  );
  return Object.assign(field(items, traits), { items: item.entries });
}

/**
 * Declares a group of arguments, such as one end of a veth pair, with rules over them. A group that is unknown passes.
 *
 * @param help What another value than a group may be meant for.
 */
export function group<E extends v.ObjectEntries>(
  entries: E,
  ruled: (known: ArgsOf<E>) => v.GenericSchema<unknown, v.InferOutput<ArgsOf<E>>> = (known) => known,
  help?: string,
) {
  const known = ruled(args(entries, new Map(), help));
  const otherwise = v.custom(
    () => false,
    ({ input }) => notAnObject(input, entries, help),
  ) as unknown as typeof known;
  return Object.assign(
    v.lazy((input) =>
      isUnknown(input) ? (v.any() as unknown as typeof known) : Array.isArray(input) ? otherwise : known,
    ),
    { entries },
  );
}

type ArgsOf<E extends v.ObjectEntries> = ReturnType<typeof args<E>>;

/**
 * Declares the arguments of a kind and rejects all others.
 *
 * @param reasons Why the kind does not have some arguments of similar kinds.
 */
export function args<E extends v.ObjectEntries>(
  entries: E,
  reasons: ReadonlyMap<string, string> = new Map(),
  help?: string,
) {
  return v.strictObject(entries, (issue) =>
    issue.expected === "never"
      ? unknownArgument(issue.path?.at(-1)?.input, entries, reasons)
      : issue.received === "undefined"
        ? missingArgument(entries[String(issue.path?.at(-1)?.key)])
        : notAnObject(issue.input, entries, help),
  );
}

const notAnObject = (input: unknown, entries: v.ObjectEntries, help: string | undefined): string =>
  withHelp(`${formatValue(input)} is not an object with ${Object.keys(entries).join(", ")}`, help);

/**
 * Declares a rule over several arguments, checked only if all are known. It returns the reason and the invalid argument, or no argument if
 * their group as a whole is invalid.
 */
export function rule<Args extends object, K extends keyof Args & string>(
  reads: readonly K[],
  check: (args: Args) => { at?: K; why: string } | undefined,
) {
  return v.rawCheck<Args>(({ dataset, addIssue }) => {
    if (!dataset.typed || reads.some((key) => isUnknown(dataset.value[key]))) return;
    const fault = check(dataset.value);
    if (fault === undefined) return;
    const { at: key, why: message } = fault;
    const input = dataset.value as Record<string, unknown>;
    addIssue(
      key === undefined
        ? { message }
        : { message, path: [{ type: "object", origin: "value", input, key, value: input[key] }] },
    );
  });
}

/** An invalid argument and the reason. Nested arguments have a dotted path. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** Checks arguments against a schema. Returns them in normal form with defaults filled in, or all failures. */
export function check<Args>(schema: Schema<Args>, input: unknown): { args: Args } | { failures: Failure[] } {
  const result = v.safeParse(schema, input);
  if (result.success) return { args: result.output };
  return { failures: result.issues.map((issue) => ({ property: v.getDotPath(issue) ?? "", reason: issue.message })) };
}

/** An argument that differs between two sets of arguments. */
export interface Change {
  readonly property: string;
  readonly replaces: boolean;
}

/** Returns the differences between the current and the wanted arguments. */
export function changes({ entries }: { entries: Fields }, is: object, wanted: object, under = ""): Change[] {
  return Object.entries(entries).flatMap(([key, entry]) => {
    const [old, now] = [valueAt(is, key), valueAt(wanted, key)];
    const property = under + key;
    const nested = fieldsOf(entry);
    if (nested !== undefined && isObject(old) && isObject(now))
      return changes({ entries: nested }, old, now, `${property}.`);
    const left = traitsOf(entry).computed && now === undefined;
    return left || isSame(old, now) ? [] : [{ property, replaces: replaces(entry, old, now, wanted) }];
  });
}

/** Picks the values of the kernel that a resource manages: a computed argument only if the program gave one. */
export function pickManaged<Args extends object>({ entries }: { entries: Fields }, has: Args, given: object): Args {
  const kept: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(entries)) {
    const [value, asked] = [valueAt(has, key), valueAt(given, key)];
    if (value === undefined || (traitsOf(entry).computed && asked === undefined)) continue;
    const nested = fieldsOf(entry);
    const isGroup = nested !== undefined && isObject(value);
    kept[key] = isGroup ? pickManaged({ entries: nested }, value, isObject(asked) ? asked : {}) : value;
  }
  return kept as Args;
}

/** Returns the default of an argument; undefined if it has none. */
export const defaultOf = (entry: Field): unknown => ("default" in entry ? entry.default : undefined);

/** Returns the dotted paths of the values that are secrets by their meaning. */
export const secretArguments = ({ entries }: { entries: Fields }, args: object): string[] =>
  Object.entries(entries).flatMap(([key, entry]) => {
    const value = valueAt(args, key);
    const [nested, ofItems] = [fieldsOf(entry), itemFieldsOf(entry)];
    const inner = (fields: Fields, of: unknown, at: string): string[] =>
      isObject(of) ? secretArguments({ entries: fields }, of).map((path) => `${at}.${path}`) : [];
    if (nested !== undefined) return inner(nested, value, key);
    if (ofItems !== undefined)
      return Array.isArray(value) ? value.flatMap((item, index) => inner(ofItems, item, `${key}.${index}`)) : [];
    return traitsOf(entry).secret && value !== undefined ? [key] : [];
  });

/** Returns whether a change of an argument replaces the object. A group that was added or removed does so if any part would. */
function replaces(entry: Field, old: unknown, now: unknown, wanted: object): boolean {
  const nested = fieldsOf(entry);
  if (nested !== undefined) return Object.values(nested).some((inner) => replaces(inner, undefined, undefined, {}));
  const { replaces: trait = false } = traitsOf(entry);
  return typeof trait === "function" ? isUnknown(now) || trait(old, now, wanted) : trait;
}

/** Returns the value of an argument. */
export const valueAt = (object: object, key: string): unknown => (object as Record<string, unknown>)[key];

export const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const isSame = (left: unknown, right: unknown): boolean => isDeepStrictEqual(left, right) && !hasUnknown(right);
