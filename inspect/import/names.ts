import { kindOf } from "../../provider/kind-of.ts";
import { natRule } from "../../provider/kinds/nat-rule.ts";
import type { FoundObject } from "./found.ts";

/**
 * Returns a name in the program for each object, which does not depend on the order of the objects: that of the object, or, if several would have
 * it, with the namespace, or else the kind and the id of each.
 */
export function namesOf(found: readonly FoundObject[]): ReadonlyMap<FoundObject, string> {
  const levels = new Map(found.map((object) => [object, 0]));
  const nameOf = (object: FoundObject) => candidatesOf(object)[levels.get(object) ?? 0] ?? object.id;
  for (let shared = sharing(found, nameOf); shared.length > 0; shared = sharing(found, nameOf)) {
    const movable = shared.filter((object) => (levels.get(object) ?? 0) < candidatesOf(object).length - 1);
    if (movable.length === 0) break;
    for (const object of movable) levels.set(object, (levels.get(object) ?? 0) + 1);
  }
  return new Map(found.map((object) => [object, nameOf(object)]));
}

/** Returns the objects that have a name in common with another one. */
const sharing = (found: readonly FoundObject[], nameOf: (object: FoundObject) => string): FoundObject[] =>
  [...Map.groupBy(found, nameOf).values()].flatMap((same) => (same.length > 1 ? same : []));

/** Returns the names that an object may have, the shortest first. Two objects of a kind have different ids. */
function candidatesOf(object: FoundObject): string[] {
  const { kind, id, inputs } = object;
  const short = shortName(object);
  const isLink = kindOf(kind).interfaces !== undefined;
  return [short, ...(isLink ? [placed(short, inputs)] : []), `${kind}-${id}`].map((name) =>
    name.replaceAll(/[^\w-]+/g, "-"),
  );
}

/** Returns the name of a link with the namespace of its first end; without one on the lab host. */
function placed(name: string, inputs: FoundObject["inputs"]): string {
  const [first] = Object.values(inputs);
  const { namespace } = ("name" in inputs ? inputs : first) as FoundObject["inputs"];
  return typeof namespace === "string" ? `${namespace}-${name}` : name;
}

function shortName({ kind, id, inputs }: FoundObject): string {
  const [first] = Object.values(inputs);
  if (typeof inputs["name"] === "string") return inputs["name"];
  if (kind === natRule.type)
    return [inputs["namespace"], inputs["type"]].filter((one) => typeof one === "string").join("-");
  if (kindOf(kind).interfaces !== undefined) return String((first as FoundObject["inputs"])["name"]);
  return id.replace(/\/table\/254\/metric\/\d+$/, "").replace(/^net\.|(?<=\/)net\./, "");
}
