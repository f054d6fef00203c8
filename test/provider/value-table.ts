import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { given } from "../../provider/schema.ts";

/** What one kind of value takes, in which normal form it takes it, and how it refuses everything else. */
export interface ValueTable {
  readonly allowed: string;
  readonly takes: readonly (readonly [input: unknown, normal: unknown])[];
  readonly refuses: readonly unknown[];
}

/** The tests of one kind of value. */
export function describeValue(name: string, schema: v.GenericSchema, { allowed, takes, refuses }: ValueTable): void {
  describe(name, () => {
    test.each(takes.map(([input, normal]) => [given(input), given(normal), input, normal] as const))(
      "takes %s as %s, and that as itself",
      (_input, _normal, input, normal) => {
        expect(v.parse(schema, input)).toBe(normal);
        expect(v.parse(schema, normal)).toBe(normal);
      },
    );

    test.each([...refuses, ...NEVER].map((input) => [given(input), input] as const))(
      "refuses %s, and says what is allowed",
      (shown, input) => {
        const messages = v.safeParse(schema, input).issues?.map((issue) => issue.message) ?? [];
        expect([...new Set(messages)]).toEqual([`${shown} is not ${allowed}`]);
      },
    );
  });
}

/** What no argument can be. */
const NEVER = [null, {}, [], { name: "eth0" }, -0.5];
