import * as v from "valibot";
import { formatValue } from "./format-value.ts";
import { hasUnknown } from "./schema.ts";

/** The requirement on a value: `fault` returns the one rule that a value breaks, or undefined, so that an error shows all `rules`. */
export interface Requirement<Given> {
  readonly what: string;
  readonly rules: string;
  readonly fault: (given: Given) => string | undefined;
}

/** Declares a text and its normal form; a text without one is rejected with the requirement. */
export const text = (allowed: string | Requirement<string>, normal: (given: string) => string | undefined) =>
  value(
    typeof allowed === "string"
      ? allowed
      : { ...allowed, fault: (given) => (typeof given === "string" ? allowed.fault(given) : undefined) },
    (given) => (typeof given === "string" ? normal(given) : undefined),
  );

/** Declares a text that a program cannot give: only a refresh sets it, for what was changed by hand. */
export const observedOnly = (describes: string) => text(`an argument: it only describes ${describes}`, () => undefined);

/** Declares a value and its normal form; a value without one is rejected with the requirement. */
export function value<T>(allowed: string | Requirement<unknown>, normal: (given: unknown) => T | undefined) {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const result = normal(dataset.value);
      if (result !== undefined) return result;
      addIssue({ message: refusalMessage(allowed)({ input: dataset.value }) });
      return NEVER;
    }),
  );
}

/** Declares a list and its normal form; it is checked as soon as all of it is known. */
export const listInNormalForm = (allowed: Requirement<unknown>, normal: (given: readonly string[]) => string[]) =>
  value(allowed, (given) => {
    if (!Array.isArray(given)) return undefined;
    if (hasUnknown(given)) return given as string[];
    return allowed.fault(given) === undefined ? normal(given as string[]) : undefined;
  });

/** Declares a number; any other value, and a number that breaks a rule, is rejected with the requirement. */
export const number = (allowed: Requirement<unknown>) =>
  value(allowed, (given) => (typeof given === "number" && allowed.fault(given) === undefined ? given : undefined));

/** Returns the error message for a value that is not allowed. */
export const refusalMessage =
  (allowed: string | Requirement<unknown>) =>
  ({ input }: { input: unknown }): string => {
    const missing = input === null ? NO_VALUE : Number.isNaN(input) ? NO_NUMBER : undefined;
    if (typeof allowed === "string")
      return `${formatValue(input)} is not ${allowed}${missing === undefined ? "" : `: ${missing}`}`;
    const { what, rules, fault } = allowed;
    const why = missing ?? fault(input);
    return `${formatValue(input)} is not ${what}${why === undefined ? rules : `: ${why}`}`;
  };

/** The reason for null: TypeScript rejects it, and in YAML it is what a wrong reference gives. */
const NO_VALUE = "it is no value; a reference to a part that does not exist, such as a misspelt name, gives none";

/** The reason for NaN, which is also what JavaScript makes of a missing value in a calculation. */
const NO_NUMBER =
  "it is the result of a calculation with a missing value or a text that is no number, such as Number(config.get(KEY)) of a key that is not set";
