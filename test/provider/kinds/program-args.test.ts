import { expect, test } from "vitest";
import { command } from "../../../provider/kinds/command.ts";
import { process } from "../../../provider/kinds/process.ts";
import { check, type Schema } from "../../../provider/schema.ts";

const ENCODE =
  "where text is required\n  help: encode it, e.g. with JSON.stringify(…) in TypeScript, json.dumps(…) in Python";

test.each<[Schema, object, string, string]>([
  [process.schema, { command: ["x"], files: { a: { key: "geheim" } } }, "files.a", `is an object, ${ENCODE}`],
  [process.schema, { command: ["x"], env: { A: ["geheim"] } }, "env.A", `is a list, ${ENCODE}`],
  [process.schema, { command: ["x"], files: { a: null } }, "files.a", "is no value, where text is required"],
  [command.schema, { create: ["x"], stdin: { key: 1 } }, "stdin", `{"key":1} is not text: it is an object, ${ENCODE}`],
])("another value than a text is refused: %#", (schema, args, property, reason) => {
  const checked = check(schema, args);
  expect(checked).toEqual({ failures: [{ property, reason: expect.stringContaining(reason) }] });
  expect(JSON.stringify(checked)).not.toContain("geheim");
});
