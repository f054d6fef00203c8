import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { formatValue } from "../../provider/format-value.ts";

/** The values that one type of argument accepts, with their normal forms, and those that it refuses. */
export interface ValueTable {
  /** The text of a refusal: the allowed values, and the rules if no single rule is named. */
  readonly what: string;
  readonly rules?: string;
  readonly takes: readonly (readonly [input: unknown, normal: unknown])[];
  readonly refuses: readonly unknown[];
  /** Values that break a rule of which the refusal names only that one. */
  readonly explains?: readonly (readonly [input: unknown, fault: string])[];
}

/** Declares the tests of one type of value. */
export function describeValue(
  name: string,
  schema: v.GenericSchema,
  { what, rules = "", takes, refuses, explains = [] }: ValueTable,
): void {
  const messages = (input: unknown) => v.safeParse(schema, input).issues?.map((issue) => issue.message) ?? [];
  describe(name, () => {
    test.each(takes.map(([input, normal]) => [formatValue(input), formatValue(normal), input, normal] as const))(
      "takes %s as %s, which does not change again",
      (_input, _normal, input, normal) => {
        expect(v.parse(schema, input)).toBe(normal);
        expect(v.parse(schema, normal)).toBe(normal);
      },
    );

    test.each([...refuses, ...NEVER].map((input) => [formatValue(input), input] as const))(
      "refuses %s and names the allowed values",
      (shown, input) =>
        expect([...new Set(messages(input))]).toEqual([`${shown} is not ${what}${input === null ? NO_VALUE : rules}`]),
    );

    test.each(explains.map(([input, fault]) => [formatValue(input), fault, input] as const))(
      "refuses %s, because %s",
      (shown, fault, input) => expect([...new Set(messages(input))]).toEqual([`${shown} is not ${what}: ${fault}`]),
    );
  });
}

/** Values that are wrong for each argument. */
const NEVER = [null, {}, [], { name: "eth0" }];

/** The reason for null. */
const NO_VALUE = ": it is no value; a reference to a part that does not exist, such as a misspelt name, gives none";
