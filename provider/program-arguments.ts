import type { Kind, Observed } from "./kind.ts";
import { check, traitsOf, withoutDefaults } from "./schema.ts";

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
  const valueIn = (args: object, key: string): unknown => (args as Record<string, unknown>)[key];
  const needed = Object.entries(schema.entries).filter(([key, entry]) => {
    const isComputed = traitsOf(entry).computed && valueIn(state, key) !== undefined;
    return isComputed && (key in chosen ? valueIn(chosen, key) !== valueIn(state, key) : !isValid);
  });
  return { ...given, ...Object.fromEntries(needed.map(([key]) => [key, valueIn(state, key)])) };
}
