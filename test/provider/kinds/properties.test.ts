import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import type { Lifecycle } from "../../../provider/lifecycle.ts";
import { programArguments } from "../../../provider/program-arguments.ts";
import type { Properties } from "../../../provider/properties.ts";
import { check, UNKNOWN } from "../../../provider/schema.ts";
import { everyKind } from "../../support/every-kind.ts";
import { json, strange } from "../../support/strange.ts";
import { MARK } from "../samples.ts";
import { untouched } from "../script.ts";

const checked = (type: string, args: object, olds: object = {}): Properties => {
  const life = lifecycles(untouched).get(type) as Lifecycle;
  const { inputs, failures } = life.check(olds, { ...args, __mark: MARK });
  expect(failures).toEqual([]);
  return inputs as Properties;
};

const diff = (type: string, olds: Properties, news: Properties) =>
  (lifecycles(untouched).get(type) as Lifecycle).diff("id", olds, news);

/** Returns the same properties in reverse order, at any depth; the order of a list is kept. */
const reversed = (value: object): Properties =>
  Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [
        key,
        typeof inner === "object" && inner !== null && !Array.isArray(inner) ? reversed(inner as object) : inner,
      ]),
  ) as Properties;

describe.each(everyKind)("a $type", ({ type, kind, args }) => {
  test("is unchanged by a second check and by a message to the engine, in which no value is undefined", () => {
    fc.assert(
      fc.property(args, (news) => {
        const once = checked(type, news);
        expect(checked(type, once, once)).toStrictEqual(once);
        expect(JSON.parse(JSON.stringify(once))).toStrictEqual(once);
      }),
    );
  });

  test("has no diff to itself, for any order of its arguments", () => {
    fc.assert(
      fc.property(args, (news) => {
        const once = checked(type, news);
        expect(diff(type, once, once)).toMatchObject({ changes: false, replaces: [] });
        expect(diff(type, once, reversed(once))).toMatchObject({ changes: false, replaces: [] });
      }),
    );
  });

  test("has the same diff for any order of its arguments", () => {
    fc.assert(
      fc.property(args, args, (one, other) => {
        const [olds, news] = [checked(type, one), checked(type, other)];
        expect(diff(type, reversed(olds), reversed(news))).toEqual(diff(type, olds, news));
      }),
    );
  });

  test("has the same id and the same claims after a second check", () => {
    fc.assert(
      fc.property(args, (news) => {
        const once = checked(type, news);
        expect(kind.id(checked(type, once), MARK)).toBe(kind.id(once, MARK));
        expect(kind.claims(checked(type, once), MARK)).toEqual(kind.claims(once, MARK));
      }),
    );
  });

  test("has the same id if it is found by its id, and with the arguments that an import writes", () => {
    fc.assert(
      fc.property(args, (news) => {
        const once = checked(type, news);
        const id = kind.id(once, MARK);
        const located = kind.argsFromId?.(id) ?? kind.argsOfImport?.(id);
        if (located !== undefined) expect(kind.id(located, MARK)).toBe(id);
        expect(kind.id(checked(type, programArguments(kind, once, MARK)), MARK)).toBe(id);
      }),
    );
  });

  test("with any JSON is either accepted or refused with a reason", () => {
    fc.assert(
      fc.property(fc.oneof(json, strange(kind.schema.entries)), (input) => {
        const result = check(kind.schema, input);
        if ("args" in result) expect(check(kind.schema, result.args)).toEqual(result);
        else expect(result.failures.map(({ reason }) => reason.length > 8)).toContain(true);
      }),
      { numRuns: 100 },
    );
  });

  test("with any unknown arguments is accepted", () => {
    fc.assert(
      fc.property(args, fc.infiniteStream(fc.boolean()), (news, unknown) => {
        expect(
          check(
            kind.schema,
            withUnknown(news, () => unknown.next().value === true),
          ),
        ).toHaveProperty("args");
      }),
    );
  });

  test("with any arguments never makes a check, a diff or the claims throw", () => {
    fc.assert(
      fc.property(strange(kind.schema.entries), strange(kind.schema.entries), (olds, news) => {
        const life = lifecycles(untouched).get(type) as Lifecycle;
        const { inputs, failures = [] } = life.check(olds, { ...news, __mark: MARK });
        if (failures.length > 0) expect(inputs).toEqual({ ...news, __mark: MARK });
        life.diff("id", { ...olds, __mark: MARK }, inputs as Properties);
      }),
      { numRuns: 100 },
    );
  });
});

/** Returns arguments of which some values are unknown. */
function withUnknown(value: unknown, isUnknown: () => boolean): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withUnknown(item, isUnknown));
  if (typeof value !== "object" || value === null) return isUnknown() ? UNKNOWN : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withUnknown(inner, isUnknown)]));
}
