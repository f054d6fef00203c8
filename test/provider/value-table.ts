import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { formatValue } from "../../provider/schema.ts";

/** What one kind of value takes, in which normal form it takes it, and how it refuses everything else. */
export interface ValueTable {
  /** What is allowed, and the rules for it: all of a refusal's text where no single rule is told. */
  readonly what: string;
  readonly rules?: string;
  readonly takes: readonly (readonly [input: unknown, normal: unknown])[];
  readonly refuses: readonly unknown[];
  /** What breaks one rule that is told alone, each with that rule. */
  readonly explains?: readonly (readonly [input: unknown, fault: string])[];
}

/** The tests of one kind of value. */
export function describeValue(
  name: string,
  schema: v.GenericSchema,
  { what, rules = "", takes, refuses, explains = [] }: ValueTable,
): void {
  const messages = (input: unknown) => v.safeParse(schema, input).issues?.map((issue) => issue.message) ?? [];
  describe(name, () => {
    test.each(takes.map(([input, normal]) => [formatValue(input), formatValue(normal), input, normal] as const))(
      "takes %s as %s, and that as itself",
      (_input, _normal, input, normal) => {
        expect(v.parse(schema, input)).toBe(normal);
        expect(v.parse(schema, normal)).toBe(normal);
      },
    );

    test.each([...refuses, ...NEVER].map((input) => [formatValue(input), input] as const))(
      "refuses %s, and says what is allowed",
      (shown, input) => expect([...new Set(messages(input))]).toEqual([`${shown} is not ${what}${rules}`]),
    );

    test.each(explains.map(([input, fault]) => [formatValue(input), fault, input] as const))(
      "refuses %s, and says that %s",
      (shown, fault, input) => expect([...new Set(messages(input))]).toEqual([`${shown} is not ${what}: ${fault}`]),
    );
  });
}

/** What no argument can be. */
const NEVER = [null, {}, [], { name: "eth0" }];
