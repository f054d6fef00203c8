import { expect, test } from "vitest";
import { outputTexts } from "../../provider/output-text.ts";

const TYPESCRIPT = "Calling [toString] on an [Output<T>] is not supported.\n\nTo get the value of an Output<T> …";
const PYTHON = "Calling __str__ on an Output[T] is not supported.\n\nTo get the value of an Output[T] …";

test.each([
  [{ command: ["ping", `-c1 ${TYPESCRIPT}`] }, "command.1", /^contains an Output as text: .*pulumi\.interpolate/s],
  [{ command: ["ping", `-c1 ${PYTHON}`] }, "command.1", /^contains an Output as text: .*pulumi\.Output\.format/s],
  [{ files: { [`${PYTHON}.conf`]: "" } }, "files", /^a key of it contains an Output as text: .*keys of a map/s],
])("an Output in the text of %j is refused at %s", (args, property, reason) => {
  expect(outputTexts(args)).toEqual([{ property, reason: expect.stringMatching(reason) }]);
});
