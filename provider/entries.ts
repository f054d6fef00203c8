import * as v from "valibot";

/* The declarations of arguments, as the functions over all kinds read them. */

/** The meaning of a change of an argument, and of its absence. */
export interface Traits {
  /** The changes that cannot be made in place, so that the object is deleted and recreated: all changes, or some. */
  readonly replaces?: true | ((old: unknown, now: unknown, wanted: object) => boolean);
  /** An absent value means that the kernel chooses, so the chosen value is not drift. Without this trait, absent means none. */
  readonly computed?: true;
  /** The SDK sets the argument; a program does not. */
  readonly setBySdk?: true;
  /** The argument of the SDK in TypeScript that takes an object in place of this value. */
  readonly shorthand?: string;
  /** Whether the value is a secret, also if the program does not say so. */
  readonly secret?: true;
}

export type Field = v.GenericSchema;
export type Fields = Readonly<Record<string, Field>>;

/** Returns the meaning of changes of an argument. */
export function traitsOf(entry: Field): Traits {
  return v.getMetadata(unwrapped(entry) as v.SchemaWithPipe<readonly [v.GenericSchema]>);
}

/** Returns the arguments of a group; undefined for an argument that is none. */
export const fieldsOf = (entry: Field): Fields | undefined => (unwrapped(entry) as { entries?: Fields }).entries;

/** Returns the arguments of the groups in a list of groups. */
export const itemFieldsOf = (entry: Field): Fields | undefined => (unwrapped(entry) as { items?: Fields }).items;

const unwrapped = (entry: Field): Field => ("wrapped" in entry ? (entry.wrapped as Field) : entry);
