import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";

/** What stands for a value that the engine does not know yet; it may stand in the place of any type, at any depth. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const isUnknown = (value: unknown): boolean => value === UNKNOWN;

/** Whether a value, or anything in it, is not known yet. */
export const hasUnknown = (value: unknown): boolean =>
  isUnknown(value) || (isObject(value) && Object.values(value).some(hasUnknown));

/** What a change of an argument means, and what its absence means. */
export interface Traits {
  /** The changes that cannot be made in place, so that the object is deleted and made anew: all of them, or some. */
  readonly replaces?: true | ((old: unknown, now: unknown) => boolean);
  /** Absent means that the kernel chooses, so what it chose is no drift. Elsewhere absent means none. */
  readonly computed?: true;
  /** The SDK fills it in: a program does not give it. */
  readonly setBySdk?: true;
}

export type Field = v.GenericSchema;
export type Fields = Readonly<Record<string, Field>>;

/** The arguments of a kind: each with its validity, default and traits. Check, diff and the docs are derived from it. */
export type Schema<Args = unknown> = v.GenericSchema<unknown, Args> & { readonly entries: Fields };

/** An argument. A value that is not known yet passes: it is checked when it is known. */
export function field<S extends v.GenericSchema>(schema: S, traits: Traits = {}) {
  return v.pipe(
    v.lazy((input) => (isUnknown(input) ? (v.any() as unknown as S) : schema)),
    v.metadata(traits as Record<string, unknown>),
  );
}

/** An argument that is a list of such values, each of which may be unknown; an empty list is none. */
export function list<S extends v.GenericSchema>(schema: S, what: string, traits: Traits = {}) {
  const values = v.pipe(
    v.array(field(schema), ({ input }) => `${formatValue(input)} is not ${what}`),
    v.checkItems(
      (value, index, all) => isUnknown(value) || all.indexOf(value) === index,
      ({ input }) => `${formatValue(input)} is listed twice`,
    ),
    v.transform((items) => (items.length === 0 ? undefined : items)),
  );
  return field(values, traits);
}

/** Arguments under one name, such as one end of a veth pair, with rules over them. Unknown as a whole, it passes. */
export function group<E extends v.ObjectEntries>(
  entries: E,
  ruled: (known: ArgsOf<E>) => v.GenericSchema<unknown, v.InferOutput<ArgsOf<E>>> = (known) => known,
) {
  const known = ruled(args(entries));
  return Object.assign(
    v.lazy((input) => (isUnknown(input) ? (v.any() as unknown as typeof known) : known)),
    { entries },
  );
}

type ArgsOf<E extends v.ObjectEntries> = ReturnType<typeof args<E>>;

/** The arguments of a kind, and no others. */
export function args<E extends v.ObjectEntries>(entries: E) {
  return v.strictObject(entries, (issue) =>
    issue.expected === "never"
      ? `unknown argument; expected one of: ${Object.keys(entries).join(", ")}`
      : issue.received === "undefined"
        ? "missing required argument"
        : `${formatValue(issue.input)} is not an object with ${Object.keys(entries).join(", ")}`,
  );
}

/** A rule over several arguments, asked only when all of them are known. It names the argument at fault and why. */
export function rule<Args extends object, K extends keyof Args & string>(
  reads: readonly K[],
  check: (args: Args) => { at: K; why: string } | undefined,
) {
  return v.rawCheck<Args>(({ dataset, addIssue }) => {
    if (!dataset.typed || reads.some((key) => isUnknown(dataset.value[key]))) return;
    const fault = check(dataset.value);
    if (fault === undefined) return;
    const input = dataset.value as Record<string, unknown>;
    addIssue({
      message: fault.why,
      path: [{ type: "object", origin: "value", input, key: fault.at, value: input[fault.at] }],
    });
  });
}

/** The given value, as an error shows it. */
export function formatValue(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  if (text.length <= 80) return text;
  return `${text.slice(0, 77)}…${text.startsWith('"') ? '"' : ""}`;
}

/** One argument that is wrong, and why. Nested arguments have a dotted path. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** Checks arguments against a schema: either they come back in their normal form with defaults filled in, or each fault does. */
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

/** What differs between the arguments as they are and as they are wanted. */
export function changes({ entries }: { entries: Fields }, is: object, wanted: object, under = ""): Change[] {
  return Object.entries(entries).flatMap(([key, entry]) => {
    const [old, now] = [valueAt(is, key), valueAt(wanted, key)];
    const property = under + key;
    const nested = fieldsOf(entry);
    if (nested !== undefined && isObject(old) && isObject(now))
      return changes({ entries: nested }, old, now, `${property}.`);
    const left = traitsOf(entry).computed && now === undefined;
    return left || isSame(old, now) ? [] : [{ property, replaces: replaces(entry, old, now) }];
  });
}

/** What the kernel has, cut to what a resource answers for: an automatic argument only where the program gave one. */
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

export function traitsOf(entry: Field): Traits {
  return v.getMetadata(unwrapped(entry) as v.SchemaWithPipe<readonly [v.GenericSchema]>);
}

export const fieldsOf = (entry: Field): Fields | undefined => (unwrapped(entry) as { entries?: Fields }).entries;

/** Whether a change of an argument replaces the object. A group that is there on one side only replaces if any part of it would. */
function replaces(entry: Field, old: unknown, now: unknown): boolean {
  const nested = fieldsOf(entry);
  if (nested !== undefined) return Object.values(nested).some((inner) => replaces(inner, undefined, undefined));
  const { replaces: trait = false } = traitsOf(entry);
  return typeof trait === "function" ? isUnknown(now) || trait(old, now) : trait;
}

const unwrapped = (entry: Field): Field => ("wrapped" in entry ? (entry.wrapped as Field) : entry);

const valueAt = (object: object, key: string): unknown => (object as Record<string, unknown>)[key];

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const isSame = (left: unknown, right: unknown): boolean => isDeepStrictEqual(left, right) && !hasUnknown(right);
