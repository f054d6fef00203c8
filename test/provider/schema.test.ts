import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { formatValue } from "../../provider/format-value.ts";
import {
  args,
  changes,
  check,
  field,
  fieldsOf,
  group,
  pickManaged,
  rule,
  traitsOf,
  UNKNOWN,
} from "../../provider/schema.ts";
import { flag, integer, interfaceName } from "../../provider/values.ts";

const fields = args({
  name: field(interfaceName(), { replaces: true }),
  size: v.optional(field(integer("a size", 1, 9, 5), { computed: true })),
  up: v.optional(field(flag()), true),
  tail: v.optional(
    group({ name: field(interfaceName(), { replaces: true }), up: v.optional(field(flag(), { computed: true })) }),
  ),
});
type Things = v.InferOutput<typeof fields>;
const schema = v.pipe(
  fields,
  rule<Things, "size" | "up">(["size", "up"], ({ size, up }) =>
    size === 9 && !up ? { at: "size", why: "is too large to be down" } : undefined,
  ),
);

describe("check", () => {
  test("fills in defaults, and no other values", () => {
    expect(check(schema, { name: "x" })).toEqual({ args: { name: "x", up: true } });
    expect(check(schema, { name: "x", tail: { name: "y" } })).toEqual({
      args: { name: "x", up: true, tail: { name: "y" } },
    });
  });

  test.each([
    [{}, "name", 'missing required argument: an interface name, e.g. "veth-red"'],
    [{ name: "x", tail: {} }, "tail.name", 'missing required argument: an interface name, e.g. "veth-red"'],
    [{ name: "x", tail: { name: "y", up: 1 } }, "tail.up", "1 is not true or false"],
    [{ name: "x", tail: null }, "tail", "null is not an object with name, up"],
    [{ name: "x", tail: "y" }, "tail", '"y" is not an object with name, up'],
    [{ name: "x", colour: "red" }, "colour", "unknown argument; expected one of: name, size, up, tail"],
    [
      { name: "x", colour: "red", sise: 3, toString: 1, size: 2 },
      "colour",
      "unknown argument; expected one of: name, size, up, tail; also unknown: sise, toString",
    ],
    [
      { name: "x", tail: { name: "y", colour: 1, shape: 2 } },
      "tail.colour",
      "unknown argument; expected one of: name, up; also unknown: shape",
    ],
    [{ name: "x", colour: UNKNOWN }, "colour", "unknown argument; expected one of: name, size, up, tail"],
    [{ name: "x", toString: 1 }, "toString", "unknown argument; expected one of: name, size, up, tail"],
    [{ name: "x", tail: { name: "y", colour: 1 } }, "tail.colour", "unknown argument; expected one of: name, up"],
    [
      { name: "x", up: null },
      "up",
      "null is not true or false: it is no value; a reference to a part that does not exist, such as a misspelt name, gives none",
    ],
    [{ name: "x", size: 9, up: false }, "size", "is too large to be down"],
    [null, "", "null is not an object with name, size, up, tail"],
    ["x", "", '"x" is not an object with name, size, up, tail'],
    [undefined, "", "missing required argument"],
  ])("refuses %j at %j: %s", (input, property, reason) => {
    expect(check(schema, input)).toEqual({ failures: [{ property, reason }] });
  });

  test("reports all errors at once", () => {
    const { failures } = check(schema, { size: 0, up: "no", tail: { name: "/" } }) as {
      failures: { property: string }[];
    };
    expect(failures.map((failure) => failure.property)).toEqual(["name", "size", "up", "tail.name"]);
  });

  test.each([
    { name: UNKNOWN, up: true },
    { name: "x", size: UNKNOWN, up: UNKNOWN },
    { name: "x", up: true, tail: UNKNOWN },
    { name: "x", up: true, tail: { name: UNKNOWN, up: UNKNOWN } },
    { name: "x", size: 9, up: UNKNOWN },
  ])("accepts the unknown values in %j, and applies no rule to them", (input) => {
    expect(check(schema, input)).toEqual({ args: input });
  });
});

describe("the changes of", () => {
  const base = { name: "x", size: 5, up: true, tail: { name: "y", up: true } };

  test.each<[string, object, [string, boolean][]]>([
    ["no argument", base, []],
    ["the order of the arguments", { tail: { up: true, name: "y" }, up: true, size: 5, name: "x" }, []],
    ["an argument that replaces", { ...base, name: "z" }, [["name", true]]],
    ["an argument that is updated in place", { ...base, up: false }, [["up", false]]],
    [
      "arguments in a group",
      { ...base, tail: { name: "z", up: false } },
      [
        ["tail.name", true],
        ["tail.up", false],
      ],
    ],
    ["an argument with a computed value", { ...base, size: 6 }, [["size", false]]],
    ["an argument with a computed value that is left out", { name: "x", up: true, tail: { name: "y" } }, []],
    ["a group that is left out", { name: "x", size: 5, up: true }, [["tail", true]]],
    [
      "arguments that become unknown",
      { ...base, size: UNKNOWN, up: UNKNOWN },
      [
        ["size", false],
        ["up", false],
      ],
    ],
    [
      "an argument in a group that becomes unknown",
      { ...base, tail: { name: UNKNOWN, up: true } },
      [["tail.name", true]],
    ],
    ["a group that becomes unknown", { ...base, tail: UNKNOWN }, [["tail", true]]],
  ])("%s are listed", (_what, wanted, expected) => {
    expect(changes(fields, base, wanted)).toEqual(expected.map(([property, replaces]) => ({ property, replaces })));
  });

  test("an argument that was and is unknown are listed", () => {
    expect(changes(fields, { ...base, up: UNKNOWN }, { ...base, up: UNKNOWN })).toEqual([
      { property: "up", replaces: false },
    ]);
  });

  test("an added argument and a removed one are listed", () => {
    expect(changes(fields, { name: "x" }, { name: "x", up: true })).toEqual([{ property: "up", replaces: false }]);
    expect(changes(fields, { name: "x", up: true }, { name: "x" })).toEqual([{ property: "up", replaces: false }]);
  });
});

describe("pickManaged", () => {
  const has: Things = { name: "x", size: 5, up: false, tail: { name: "y", up: true } };

  test.each([
    ["leaves out values that the kernel chose", { name: "x" }, { name: "x", up: false, tail: { name: "y" } }],
    [
      "keeps values that the program gave",
      { name: "x", size: 1 },
      { name: "x", size: 5, up: false, tail: { name: "y" } },
    ],
    ["applies to values in a group", { tail: { up: false } }, { name: "x", up: false, tail: { name: "y", up: true } }],
  ])("%s", (_what, gave, expected) => {
    expect(pickManaged(fields, has, gave)).toEqual(expected);
  });

  test("does not add missing values", () => {
    expect(pickManaged(fields, { name: "x", up: true }, has)).toEqual({ name: "x", up: true });
  });
});

test.each([
  [undefined, "nothing"],
  ["x", '"x"'],
  [1.5, "1.5"],
  [null, "null"],
  [[{ a: 1 }], '[{"a":1}]'],
  ["x".repeat(78), `"${"x".repeat(78)}"`],
  ["x".repeat(79), `"${"x".repeat(76)}…"`],
])("an error shows %j as given, in at most 80 characters", (value, shown) => {
  expect(formatValue(value)).toBe(shown);
});

test("traits and groups of an argument with a default are found", () => {
  const { name, size, up, tail } = fields.entries;
  expect([name, size, up].map(traitsOf)).toEqual([{ replaces: true }, { computed: true }, {}]);
  expect(Object.keys(fieldsOf(tail) ?? {})).toEqual(["name", "up"]);
  expect(fieldsOf(name)).toBeUndefined();
});

test("a group may say what another value is meant for", () => {
  const port = args({ port: group({ name: field(interfaceName()) }, undefined, "a UDP port is dstport") });
  for (const value of [4790, [4790]])
    expect(check(port, { port: value })).toEqual({
      failures: [
        {
          property: "port",
          reason: `${JSON.stringify(value)} is not an object with name\n  help: a UDP port is dstport`,
        },
      ],
    });
  expect(check(port, { port: UNKNOWN })).toEqual({ args: { port: UNKNOWN } });
});
