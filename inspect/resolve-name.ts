import { editDistance } from "../provider/edit-distance.ts";
import { UserError } from "../provider/message.ts";

/**
 * Selects the item that a user named from a list.
 *
 * @param what The type of the item, for the error: `host`, `link`.
 * @param listed The names that the error lists, if not all.
 * @param where The container of the names, for the error.
 * @throws Error that lists the nearest names and all names.
 */
export function resolveByName<T>(
  what: string,
  given: string,
  names: ReadonlyMap<string, T>,
  listed: readonly string[] = [...names.keys()],
  where = "this stack",
): T {
  const found = names.get(given);
  if (found !== undefined) return found;
  const near = nearest(given, [...names.keys()]);
  const meant = near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
  throw new UserError(
    `${what} ${JSON.stringify(given)} not found in ${where}${meant}`,
    listed.length === 0 ? `${where} has no ${what}` : `available: ${listed.join(", ")}`,
  );
}

/** Returns the names that are similar to a given one, nearest first. */
export function nearest(given: string, names: readonly string[]): readonly string[] {
  return names
    .map((name) => ({ name, apart: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, apart }) => apart <= Math.floor(Math.max(given.length, name.length) / 2))
    .sort((left, right) => left.apart - right.apart)
    .slice(0, 3)
    .map(({ name }) => name);
}
