/** A part of a schema. */
type Json = Readonly<Record<string, unknown>>;

const ANY = "pulumi.json#/Any";
const RESOURCE = "#/resources/";

/**
 * Replaces references between components that would form a cycle by the type of any value. Pulumi generates a module of Python for each
 * resource and one for all other types, and modules that import each other fail to load. The component checks such a value itself.
 */
export function withoutCycles(resources: Readonly<Record<string, Json>>, types: Readonly<Record<string, Json>>) {
  const acyclic = new Map(Object.entries(resources));
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    [...references(acyclic.get(from))].some((next) => {
      if (next === to) return true;
      if (next === from || seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  for (const [token, resource] of acyclic)
    acyclic.set(token, replaced(resource, (next) => next !== token && reaches(next, token)) as Json);
  return {
    resources: Object.fromEntries(acyclic),
    types: replaced(types, () => true) as Readonly<Record<string, Json>>,
  };
}

/** Returns the tokens of the resources that a part of the schema refers to. */
function references(part: unknown): Set<string> {
  const found = new Set<string>();
  replaced(part, (token) => {
    found.add(token);
    return false;
  });
  return found;
}

function replaced(part: unknown, isReplaced: (token: string) => boolean): unknown {
  if (Array.isArray(part)) return part.map((one) => replaced(one, isReplaced));
  if (typeof part !== "object" || part === null) return part;
  const { $ref } = part as { $ref?: unknown };
  if (typeof $ref === "string" && $ref.startsWith(RESOURCE) && isReplaced($ref.slice(RESOURCE.length)))
    return { ...part, $ref: ANY };
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, replaced(value, isReplaced)]));
}
