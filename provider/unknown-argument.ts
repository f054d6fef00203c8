import type * as v from "valibot";
import { type Field, fieldsOf, itemFieldsOf, traitsOf } from "./entries.ts";
import { meantArgument, membersHint } from "./synonyms.ts";

/**
 * Returns the error about an argument that a kind or a group does not have.
 *
 * @param reasons Why the kind does not have some arguments of similar kinds.
 */
export function unknownArgument(
  input: unknown,
  entries: v.ObjectEntries,
  reasons: ReadonlyMap<string, string>,
): string {
  const [given = "", ...others] = Object.keys(input ?? {}).filter((key) => !Object.hasOwn(entries, key));
  const also = others.length === 0 ? "" : `; also unknown: ${others.join(", ")}`; // The library reports only one.
  const names = Object.keys(entries);
  const hint = membersHint(given, names) ?? didYouMean(given, entries);
  const shorthands = names.flatMap((name) => traitsOf(entries[name] as Field).shorthand ?? []);
  const more = shorthands.length === 0 ? "" : `; in TypeScript also: ${shorthands.join(", ")}`;
  return `${reasons.get(given) ?? `unknown argument; ${hint}expected one of: ${names.join(", ")}${more}`}${also}`;
}

/** Returns the question whether an argument of a group or one with a similar meaning was meant; empty if there is none. */
function didYouMean(given: string, entries: v.ObjectEntries): string {
  const nested = Object.entries(entries).flatMap(([name, entry]) =>
    Object.hasOwn(fieldsOf(entry as Field) ?? {}, given) ? [`${name}.${given}`] : [],
  );
  const inItems = Object.entries(entries).flatMap(([name, entry]) =>
    Object.hasOwn(itemFieldsOf(entry as Field) ?? {}, given) ? [`${given} of an item of ${name}`] : [],
  );
  const meant = nested.length > 0 ? nested.join(" or ") : (meantArgument(given, Object.keys(entries)) ?? inItems[0]);
  return meant === undefined ? "" : `did you mean ${meant}? `;
}
