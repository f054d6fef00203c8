import { changes, defaultOf, type Field, type Fields, fieldsOf, isObject } from "../provider/schema.ts";
import type { Drift } from "./drift.ts";

/** Returns a drift; that of a group that only the state or the kernel has shows only the parts that differ from their defaults. */
export function ofGroup(schema: { readonly entries: Fields }, drift: Drift): Drift {
  const { property, was, is } = drift;
  const entry = entryAt(schema, property);
  if (entry === undefined || (was !== undefined && is !== undefined)) return drift;
  return { property, was: withoutDefaults(entry, was), is: withoutDefaults(entry, is) };
}

/** Returns the argument at a dotted path; undefined if the schema has none there. */
function entryAt({ entries }: { readonly entries: Fields }, path: string): Field | undefined {
  const [first = "", ...rest] = path.split(".");
  const entry = entries[first];
  if (entry === undefined || rest.length === 0) return entry;
  return entryAt({ entries: fieldsOf(entry) ?? {} }, rest.join("."));
}

/** Returns the parts of a group that differ from their defaults, without those that the kernel computes; any other value as it is. */
function withoutDefaults(entry: Field, value: unknown): unknown {
  const entries = fieldsOf(entry);
  if (entries === undefined || !isObject(value)) return value;
  const defaults = Object.fromEntries(Object.entries(entries).map(([key, one]) => [key, defaultOf(one)]));
  const differing = new Set(changes({ entries }, value, defaults).map(({ property }) => property));
  return Object.fromEntries(Object.entries(value).filter(([key]) => differing.has(key)));
}
