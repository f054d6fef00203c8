import { Fault } from "./fault.ts";
import type { Dependencies } from "./lab-engine.ts";

/**
 * Expects that an up did the steps that its preview announced.
 *
 * @param freed The dependencies that each resource had only before the up.
 * @throws Fault if it did others, or one of them twice.
 */
export function expectPlanned(
  at: number,
  planned: readonly string[],
  done: readonly string[],
  freed: Dependencies,
): void {
  const [more, less] = [stepsMissing(done, planned, freed), stepsMissing(planned, done, freed)];
  // The engine deletes a resource together with one on which it depends, and again when the resource itself is replaced, if its name in the
  // program has changed: it looks for the new name among the deleted resources.
  const twice = [done, planned].flatMap((steps) =>
    steps.filter((step, index) => steps.indexOf(step) < index && !step.startsWith("delete-replaced ")),
  );
  if (more.length + less.length + twice.length === 0) return;
  const [up, preview, both] = [more, less, twice].map((steps) => steps.join(", ") || "nothing");
  throw new Fault(at, "what the preview said", `only up: ${up}; only preview: ${preview}; twice: ${both}`);
}

/** Returns the dependencies that each resource had before a run, and does not have now. */
export function freedFrom(before: Dependencies, now: Dependencies): Dependencies {
  const isLost = (resource: string, need: string): boolean => now.get(resource)?.has(need) === false;
  return new Map(
    [...before].map(([resource, needs]) => [resource, new Set([...needs].filter((need) => isLost(resource, need)))]),
  );
}

/**
 * Returns the steps of one list that the other does not have. A resource may be replaced with one on which it depended only before the
 * run: the engine replaces both if it comes to the other one first, and otherwise the resource stays or is updated.
 */
function stepsMissing(from: readonly string[], other: readonly string[], freed: Dependencies): string[] {
  const isReplaced = (resource: string): boolean =>
    [from, other].every((steps) => steps.includes(`replace ${resource}`));
  const isFree = (resource: string): boolean => [...(freed.get(resource) ?? [])].some(isReplaced);
  return from.filter((step) => {
    const [, op, resource = ""] = /^(\S+) (.*)$/.exec(step) ?? [];
    return !other.includes(step) && !(op !== "create" && op !== "delete" && isFree(resource));
  });
}
