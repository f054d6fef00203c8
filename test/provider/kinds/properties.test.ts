import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Kind } from "../../../provider/kind.ts";
import { lifecycle } from "../../../provider/lifecycle.ts";
import { programArguments } from "../../../provider/program-arguments.ts";
import type { Properties } from "../../../provider/properties.ts";
import { check, UNKNOWN } from "../../../provider/schema.ts";
import { everyKind } from "../../support/every-kind.ts";
import { isSoak } from "../../support/soak.ts";
import { json, strange } from "../../support/strange.ts";
import { MARK } from "../samples.ts";
import { contextOver, untouched } from "../script.ts";

/** The number of random cases of a property: more than thirty kinds, most of which share their arguments, each have so many. */
const RUNS = { numRuns: isSoak ? 100 : 25 };

/** Returns the lifecycle of a provider process that has just started. */
const lifeOf = (kind: Kind) => lifecycle(kind, contextOver(untouched));

const checked = (kind: Kind, args: object, olds: object = {}): Properties => {
  const { inputs, failures } = lifeOf(kind).check(olds, { ...args, __mark: MARK });
  expect(failures).toEqual([]);
  return inputs as Properties;
};

const diff = (kind: Kind, olds: Properties, news: Properties) => lifeOf(kind).diff("id", olds, news);

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

describe.each(everyKind)("a $type", ({ kind, args }) => {
  test("is unchanged by a second check and by a message to the engine, in which no value is undefined", () => {
    fc.assert(
      fc.property(args, (news) => {
        const once = checked(kind, news);
        expect(checked(kind, once, once)).toStrictEqual(once);
        expect(JSON.parse(JSON.stringify(once))).toStrictEqual(once);
      }),
      RUNS,
    );
  });

  test("has no diff to itself, for any order of its arguments", () => {
    fc.assert(
      fc.property(args, (news) => {
        const once = checked(kind, news);
        expect(diff(kind, once, once)).toMatchObject({ changes: false, replaces: [] });
        expect(diff(kind, once, reversed(once))).toMatchObject({ changes: false, replaces: [] });
      }),
      RUNS,
    );
  });

  test("has the same diff for any order of its arguments", () => {
    fc.assert(
      fc.property(args, args, (one, other) => {
        const [olds, news] = [checked(kind, one), checked(kind, other)];
        expect(diff(kind, reversed(olds), reversed(news))).toEqual(diff(kind, olds, news));
      }),
      RUNS,
    );
  });

  test("has the same id and the same claims after a second check", () => {
    fc.assert(
      fc.property(args, (news) => {
        const once = checked(kind, news);
        expect(kind.id(checked(kind, once), MARK)).toBe(kind.id(once, MARK));
        expect(kind.claims(checked(kind, once), MARK)).toEqual(kind.claims(once, MARK));
      }),
      RUNS,
    );
  });

  test("has the same id if it is found by its id, and with the arguments that an import writes", () => {
    fc.assert(
      fc.property(args, (news) => {
        const once = checked(kind, news);
        const id = kind.id(once, MARK);
        const located = kind.argsFromId?.(id) ?? kind.argsOfImport?.(id);
        if (located !== undefined) expect(kind.id(located, MARK)).toBe(id);
        expect(kind.id(checked(kind, programArguments(kind, once, MARK)), MARK)).toBe(id);
      }),
      RUNS,
    );
  });

  test("with any JSON is either accepted or refused with a reason", () => {
    fc.assert(
      fc.property(fc.oneof(json, strange(kind.schema.entries)), (input) => {
        const result = check(kind.schema, input);
        if ("args" in result) expect(check(kind.schema, result.args)).toEqual(result);
        else expect(result.failures.map(({ reason }) => reason.length > 8)).toContain(true);
      }),
      RUNS,
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
      RUNS,
    );
  });

  test("with any arguments never makes a check, a diff or the claims throw", () => {
    fc.assert(
      fc.property(strange(kind.schema.entries), strange(kind.schema.entries), (olds, news) => {
        const life = lifeOf(kind);
        const { inputs, failures = [] } = life.check(olds, { ...news, __mark: MARK });
        if (failures.length > 0) expect(inputs).toEqual({ ...news, __mark: MARK });
        life.diff("id", { ...olds, __mark: MARK }, inputs as Properties);
      }),
      RUNS,
    );
  });
});

/** Returns arguments of which some values are unknown. */
function withUnknown(value: unknown, isUnknown: () => boolean): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withUnknown(item, isUnknown));
  if (typeof value !== "object" || value === null) return isUnknown() ? UNKNOWN : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withUnknown(inner, isUnknown)]));
}
