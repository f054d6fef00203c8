import { expect, test } from "vitest";
import * as sdk from "../../sdk/index.ts";
import { pathsOf, valueAt, withValue } from "../provider/samples.ts";
import { failure, labHostForEachTest } from "../support/edited.ts";
import { everyKind } from "../support/every-kind.ts";

/* A value that is missing, as from a misspelt key of a JSON file, is an error about the argument, never one in the code of the package. */

labHostForEachTest();

/** The classes by name. A program without types can pass any arguments. */
const classes = sdk as unknown as Record<string, new (name: string, args: object) => unknown>;

test.each(everyKind)("null as any argument of a $type is an error that names it", async ({ type, kind, examples }) => {
  const Class = classes[type];
  for (const path of pathsOf(kind.schema.entries)) {
    const group = path.split(".").slice(0, -1).join(".");
    const example = examples.find((one) => group === "" || typeof valueAt(one, group) === "object");
    if (example === undefined || Class === undefined) continue;
    const { namespace } = example as { namespace?: string };
    for (const value of [null, [null]]) {
      const told = await failure(() => {
        new Class("one", withValue(example, path, value));
        new sdk.Route("after", {
          ...(namespace !== undefined && { namespace }),
          destination: "10.77.0.0/16",
          via: "10.0.0.9",
        });
      });
      expect(told).not.toMatch(/TypeError|Cannot (read|destructure)|is not (a function|iterable)/);
      expect([path, told]).toEqual([path, expect.stringContaining(path.split(".")[0] ?? path)]);
    }
  }
});
