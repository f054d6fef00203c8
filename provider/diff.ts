import { isDetached, isFollowedChanged } from "./attachments.ts";
import { type Properties, split } from "./properties.ts";
import { changes, hasUnknown, type Schema } from "./schema.ts";

/** The difference between the state of a resource and the program, for the engine. */
export interface Diff {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: true;
}

/**
 * Returns the difference between the state of a resource and the program.
 *
 * @param ended See `ProgramRun.ended`.
 */
export function diffOf<Args extends object>(
  schema: Schema<Args>,
  olds: Properties,
  news: Properties,
  ended: ReadonlySet<string>,
): Diff {
  const differ = changes(schema, split(olds).own, split(news).own);
  const asked = news.__replaceOn ?? [];
  const replaces = differ
    .filter((change) => change.replaces || asked.some((path) => covers(path, change.property)))
    .map((change) => change.property);
  if (isDetached(olds.__on, news.__on)) replaces.push("__on");
  if (hasUnknown(news.__restsOn)) replaces.push("__restsOn");
  return {
    changes:
      differ.length > 0 ||
      replaces.length > 0 ||
      olds.__mark !== news.__mark ||
      ended.has(news.__mark) ||
      isFollowedChanged(olds.__follows, news.__follows),
    replaces,
    // Names in the kernel are unique: the old object must be deleted before its replacement can be created.
    deleteBeforeReplace: true,
  };
}

/** Returns whether a path of the option `replaceOnChanges` covers an argument, or is a part of one that is compared as a whole. */
const covers = (path: string, property: string): boolean =>
  path === "*" || path === property || path.startsWith(`${property}[`) || property.startsWith(`${path}.`);
