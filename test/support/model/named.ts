import type { Lab, Thing } from "./lab.ts";

/**
 * Returns whether an edit gives a resource's name to another object of its kind, while a third one refers to the first only by its name in
 * the kernel. The engine then deletes the first object with all that is on it, and does not replace the third one.
 */
export function handsOnNamed(before: Lab, after: Lab): boolean {
  const idsBefore = new Map(before.map((thing) => [thing.key, thing.id]));
  const named = new Set(after.flatMap(keysNamedBy));
  return after.some(({ key, kind }) => {
    const former = idsBefore.get(key);
    return named.has(key) && after.some((other) => other.key !== key && other.kind === kind && other.id === former);
  });
}

/** Returns the keys of the objects to which an object refers by name. */
function keysNamedBy(thing: Thing): number[] {
  const keys: number[] = [];
  JSON.stringify(thing, (_name, value: unknown) => {
    if (typeof value === "object" && value !== null && "by" in value && value.by === "name" && "key" in value)
      keys.push(Number(value.key));
    return value;
  });
  return keys;
}
