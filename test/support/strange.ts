import fc from "fast-check";
import { type Fields, fieldsOf, UNKNOWN } from "../../provider/schema.ts";
import { type Args, record } from "./arbitraries.ts";

/** Any JSON, except objects that cannot be converted to a string, which `ports` does not reject yet. */
export const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('"toString"'));

/** Objects with a kind's arguments by name, and arbitrary values. */
export const strange = (fields: Fields): Args =>
  record(
    Object.fromEntries(
      Object.entries(fields).map(([key, entry]) => {
        const nested = fieldsOf(entry);
        const anything = fc.oneof(json, fc.constant(UNKNOWN), hostile);
        return [key, nested === undefined ? anything : fc.oneof(anything, strange(nested))];
      }),
    ),
    { requiredKeys: [] },
  );

const SPECIAL = [
  '"',
  "'",
  "\\",
  "\n",
  "\r",
  "\0",
  "\u001b[2J",
  "\u202e",
  " ",
  ";",
  "$(id)",
  "`id`",
  "$x",
  "|",
  "&",
  "<",
  ">",
];

/** Strings with a meaning for a shell, nft, a terminal or an option parser, and very long ones. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...SPECIAL,
    "-n",
    "--help",
    "../../etc/passwd",
    "é",
    "🦑",
    "\ud800",
    "x".repeat(10_000),
    "ü".repeat(5_000),
  ),
  fc
    .tuple(fc.string({ maxLength: 6 }), fc.constantFrom(...SPECIAL), fc.string({ maxLength: 6 }))
    .map((parts) => parts.join("")),
);
