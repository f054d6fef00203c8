import { expect, test } from "vitest";
import * as sdk from "../../sdk/index.ts";
import { failure, labHostForEachTest } from "../support/edited.ts";
import { everyKind } from "../support/every-kind.ts";

labHostForEachTest();

/** The classes by their names. A program without types may give them anything. */
const classes = sdk as unknown as Record<string, new (name: string, args: object) => unknown>;

test.each(everyKind)(
  "an argument that a $type does not have is an error at its own name",
  async ({ type, examples }) => {
    const [example = {}] = examples;
    const Class = classes[type];
    const said = await failure(() => Class && new Class("one", { ...example, colour: "red" }));
    expect(said).toContain("colour");
    expect(said).toContain("unknown argument; expected one of: ");
  },
);

test("so is one of an end of a pair", async () => {
  const end = { name: "x0", colour: "red" };
  expect(await failure(() => new sdk.Veth("one", { a: end, b: { name: "y0" } }))).toContain("a.colour");
});
