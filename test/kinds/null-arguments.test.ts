import { expect, test } from "vitest";
import { type Field, traitsOf } from "../../provider/schema.ts";
import * as sdk from "../../sdk/index.ts";
import { pathsOf, valueAt, withValue } from "../provider/samples.ts";
import { failure, labHostForEachTest } from "../support/edited.ts";
import { everyKind, fieldAt } from "../support/every-kind.ts";
import { isSoak } from "../support/soak.ts";

/* A value that is missing, as from a misspelt key of a JSON file, is an error about the argument, never one in the code of the package. */

labHostForEachTest();

/** The classes by name. A program without types can pass any arguments. */
const classes = sdk as unknown as Record<string, new (name: string, args: object) => unknown>;

const VALUES = [null, [null]];

const tried = new Set<Field>();

/**
 * Returns the values for an argument of the program. Kinds share declarations: a shared argument gets both values in one kind, and in
 * the others one of them in turn. The arguments of a shared group pass the code of the SDK only as a part of it.
 */
function valuesOf(field: Field, path: string, index: number): unknown[] {
  if (traitsOf(field).setBySdk) return [];
  const isFirst = !tried.has(field);
  tried.add(field);
  if (isSoak || isFirst) return VALUES;
  return path.includes(".") ? [] : [VALUES[index % VALUES.length]];
}

const cases = everyKind.map(({ type, kind, examples }) => ({
  type,
  given: pathsOf(kind.schema.entries).flatMap((path, index) => {
    const group = path.split(".").slice(0, -1).join(".");
    const example = examples.find((one) => group === "" || typeof valueAt(one, group) === "object");
    if (example === undefined) return [];
    return valuesOf(fieldAt(kind.schema.entries, path), path, index).map((value) => ({ example, path, value }));
  }),
}));

test.each(cases)("null as any argument of a $type is an error that names it", async ({ type, given }) => {
  const Class = classes[type];
  if (Class === undefined) throw new Error(`the SDK has no class ${type}`);
  for (const { example, path, value } of given) {
    const { namespace } = example as { namespace?: string };
    const told = await failure(() => {
      new Class("one", withValue(example, path, value));
      new sdk.Route("next", {
        ...(namespace !== undefined && { namespace }),
        destination: "10.77.0.0/16",
        via: "10.0.0.9",
      });
    });
    expect(told).not.toMatch(/TypeError|Cannot (read|destructure)|is not (a function|iterable)/);
    expect([path, told]).toEqual([path, expect.stringContaining(path.split(".")[0] ?? path)]);
  }
});
