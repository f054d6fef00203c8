import type { Kind, Observed } from "../../provider/kind.ts";
import { check, type Fields, fieldsOf } from "../../provider/schema.ts";

/** The mark of a resource that tests speak of. */
export const MARK = "pulumi-netns:lab/dev:it@0123abcd";

/** Arguments as they come to a plan: checked, and completed. */
export function ready<Args extends object, Seen extends Observed<Args>>(kind: Kind<Args, Seen>, args: object): Args {
  const checked = check(kind.schema, args);
  if ("failures" in checked) throw new Error(JSON.stringify(checked.failures));
  return kind.complete?.(checked.args, MARK) ?? checked.args;
}

/** The value at a dotted path. */
export function valueAt(args: object, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], args);
}

/** Arguments with another value at a dotted path. */
export function withValue(args: object, path: string, value: unknown): Record<string, unknown> {
  const [key = "", ...rest] = path.split(".");
  const inner = (args as Record<string, unknown>)[key];
  return { ...args, [key]: rest.length === 0 ? value : withValue(inner as object, rest.join("."), value) };
}

/** The dotted paths of all arguments, groups before what is in them. */
export function pathsOf(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([key, entry]) => [
    key,
    ...pathsOf(fieldsOf(entry) ?? {}).map((inner) => `${key}.${inner}`),
  ]);
}
