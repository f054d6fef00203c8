import { changes, type Fields } from "../provider/schema.ts";

/** How one argument differs. */
export type ArgumentDiff = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

/** The arguments that differ, by their dotted paths, so that a preview shows each of them and whether it replaces the object. */
export type DetailedDiff = Readonly<Record<string, ArgumentDiff>>;

/** Returns the differences between the arguments in the state and those of the program. */
export function detailedDiff(schema: { readonly entries: Fields }, was: object, wanted: object): DetailedDiff {
  return Object.fromEntries(
    changes(schema, was, wanted).map(({ property, replaces }): [string, ArgumentDiff] => {
      const [old, now] = [valueAt(was, property), valueAt(wanted, property)];
      const kind = old === undefined ? "add" : now === undefined ? "delete" : "update";
      return [property, replaces ? `${kind}-replace` : kind];
    }),
  );
}

const valueAt = (value: unknown, path: string): unknown =>
  path.split(".").reduce((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value);
