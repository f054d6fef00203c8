import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Kind } from "../../../provider/kind.ts";
import { kindOf } from "../../../provider/kind-of.ts";
import { check } from "../../../provider/schema.ts";
import { everyKind } from "../../support/every-kind.ts";

/** A place in arguments: the keys and indices that lead to it. */
type Path = readonly string[];

/** The lists that, when they are empty, are something else than the default. */
const HAS_OTHER_DEFAULT = /\bvlans$/;

describe.each(everyKind)("each optional list of a $type", ({ kind, examples, args }) => {
  test("may be empty as if it were left out, or the error says to leave it out", () => {
    for (const example of examples) expectAlike(kind, example);
    fc.assert(
      fc.property(args, (some) => {
        expectAlike(kind, some);
      }),
    );
  });
});

const NO_PROGRAM = "[] is not a program and its arguments: it is empty; leave it out";

test.each<[string, object, string, string]>([
  ["Process", { command: ["a"], ready: { tcp: 80, command: [] } }, "ready.command", NO_PROGRAM],
  [
    ...(["Process", { command: ["a"], onChange: [] }, "onChange"] as const),
    '[] is not "restart", "reload", a signal or a command: it is empty; leave it out for a restart',
  ],
  ["Command", { create: ["a"], update: [] }, "update", NO_PROGRAM],
  ["Command", { create: ["a"], delete: [] }, "delete", NO_PROGRAM],
])("a %s with %j is refused at %s", (type, args, property, reason) => {
  expect(check(kindOf(type).schema, args)).toEqual({ failures: [{ property, reason }] });
});

/** Expects that arguments with each of their lists empty are the same as without it, unless the error says to leave it out. */
function expectAlike(kind: Kind, args: object): void {
  for (const path of listsIn(args).filter((one) => !HAS_OTHER_DEFAULT.test(one.join(".")))) {
    const [empty, absent] = [changed(args, path, []), changed(args, path)].map((one) => check(kind.schema, one));
    const isRequired = JSON.stringify(absent).includes("missing required argument");
    if (!isRequired && !/omit|leave it out/.test(JSON.stringify(empty)))
      expect({ path, empty }).toEqual({ path, empty: absent });
  }
}

/** Returns the places of all lists in a value. */
const listsIn = (value: unknown, at: Path = []): Path[] =>
  typeof value !== "object" || value === null
    ? []
    : [
        ...(Array.isArray(value) ? [at] : []),
        ...Object.entries(value).flatMap(([key, inner]) => listsIn(inner, [...at, key])),
      ];

/** Returns a value with another one at a place, or, by default, without the one there. */
function changed(value: any, [key = "", ...rest]: Path, ...wanted: [unknown?]): any {
  const { [key]: former, ...others } = value;
  if (Array.isArray(value)) return value.with(Number(key), changed(former, rest, ...wanted));
  if (rest.length > 0) return { ...value, [key]: changed(former, rest, ...wanted) };
  return wanted.length === 0 ? others : { ...value, [key]: wanted[0] };
}
