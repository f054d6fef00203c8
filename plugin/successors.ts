import type { Lifecycle } from "../provider/lifecycle.ts";
import type { Properties } from "../provider/properties.ts";

/**
 * Returns lifecycles whose deletes leave an object alone that the same resource has created in this run. An engine that replaces a
 * resource without `deleteBeforeReplace`, which a program in YAML can forget, creates the replacement first; where it has the
 * same id and mark, it is the object that a delete of the original would find.
 */
export function withSuccessors(lifecycles: ReadonlyMap<string, Lifecycle>): ReadonlyMap<string, Lifecycle> {
  const created = new Set<string>();
  const keyOf = (type: string, id: string, { __mark }: Properties): string => `${type} ${__mark} ${id}`;
  return new Map(
    [...lifecycles].map(([type, lifecycle]) => [
      type,
      {
        ...lifecycle,
        async create(inputs) {
          const answer = await lifecycle.create(inputs);
          created.add(keyOf(type, answer.id, inputs));
          return answer;
        },
        async delete(id, outputs) {
          if (!created.has(keyOf(type, id, outputs))) await lifecycle.delete(id, outputs);
        },
      },
    ]),
  );
}
