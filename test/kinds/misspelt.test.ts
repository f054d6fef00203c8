import { expect, test } from "vitest";
import * as sdk from "../../sdk/index.ts";
import { failure, labHostForEachTest } from "../support/edited.ts";
import { everyKind } from "../support/every-kind.ts";

labHostForEachTest();

/** The classes by name. A program without types can pass any arguments. */
const classes = sdk as unknown as Record<string, new (name: string, args: object) => unknown>;

test.each(everyKind)("an unknown argument of a $type is an error that names it", async ({ type, examples }) => {
  const [example = {}] = examples;
  const Class = classes[type];
  const said = await failure(() => Class && new Class("one", { ...example, colour: "red" }));
  expect(said).toContain("colour");
  expect(said).toContain("unknown argument; expected one of: ");
});

test("an unknown argument of a veth end is an error that names it", async () => {
  const end = { name: "x0", colour: "red" };
  expect(await failure(() => new sdk.Veth("one", { a: end, b: { name: "y0" } }))).toContain("a.colour");
});
