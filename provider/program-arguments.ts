import { isDeepStrictEqual } from "node:util";
import type { Kind, Observed } from "./kind.ts";
import { check, defaultOf, type Fields, fieldsOf, isObject, itemFieldsOf, traitsOf, valueAt } from "./schema.ts";

/**
 * Returns the arguments that a program must give for an observed object: without the defaults, and without values that the kernel or the
 * provider chooses. Such a value is included if the provider would choose another one, such as the metric of a route, or if the arguments
 * are invalid without it, such as those of a route over an interface without a gateway.
 */
export function programArguments<Args extends object, Seen extends Observed<Args>>(
  { schema, applyDefaults }: Pick<Kind<Args, Seen>, "schema" | "applyDefaults">,
  state: Args,
  mark: string,
): object {
  const given = withoutDefaults(schema, state);
  const isValid = "args" in check(schema, given);
  const chosen: object = applyDefaults?.(given as Args, mark) ?? {};
  const needed = Object.entries(schema.entries).filter(([key, entry]) => {
    const isComputed = traitsOf(entry).computed && valueAt(state, key) !== undefined;
    return isComputed && (key in chosen ? valueAt(chosen, key) !== valueAt(state, key) : !isValid);
  });
  return { ...given, ...Object.fromEntries(needed.map(([key]) => [key, valueAt(state, key)])) };
}

/** Returns arguments without the defaults, and without the values that the kernel, the provider or the SDK chooses. */
export function withoutDefaults({ entries }: { entries: Fields }, args: object): object {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, entry]) => {
      const value = valueAt(args, key);
      const { computed, setBySdk } = traitsOf(entry);
      if (value === undefined || computed || setBySdk || isDeepStrictEqual(value, defaultOf(entry))) return [];
      const [nested, ofItems] = [fieldsOf(entry), itemFieldsOf(entry)];
      if (nested !== undefined && isObject(value)) return [[key, withoutDefaults({ entries: nested }, value)]];
      const isList = ofItems !== undefined && Array.isArray(value);
      return [[key, isList ? value.map((item: object) => withoutDefaults({ entries: ofItems }, item)) : value]];
    }),
  );
}
