import type { Kind, Observed } from "./kind.ts";
import { type Properties, split } from "./properties.ts";
import { check, hasUnknown } from "./schema.ts";

/** The names in the kernel that resources of the program have by the state and no longer claim, with the mark of each resource. */
export type GivenUp = Map<string, string>;

/**
 * Records the names that a resource gives up, and returns whether it claims one that another resource gives up. An up that failed had given the
 * object to the other one, which deletes it now, while by the state the resource still has it.
 *
 * @param changes Whether the program changes the resource.
 */
export function isGivenUp<Args extends object, Seen extends Observed<Args>>(
  { schema, claims }: Pick<Kind<Args, Seen>, "schema" | "claims">,
  givenUp: GivenUp,
  olds: Properties,
  news: Properties,
  changes: boolean,
): boolean {
  // Most resources do not change, and then give up nothing.
  if (hasUnknown(news) || (!changes && givenUp.size === 0)) return false;
  const { __mark: mark } = news;
  const namesOf = (properties: Properties): string[] => {
    const checked = check(schema, split(properties).own);
    if ("failures" in checked) return [];
    return claims(checked.args, mark).flatMap(({ name, sharedValue }) => (sharedValue === undefined ? name : []));
  };
  const names = namesOf(news);
  if (changes) for (const name of namesOf(olds)) if (!names.includes(name)) givenUp.set(name, mark);
  return names.some((name) => (givenUp.get(name) ?? mark) !== mark);
}
