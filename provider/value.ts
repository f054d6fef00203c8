import * as v from "valibot";
import { formatValue } from "./schema.ts";

/** What is allowed, and why a value is not: `fault` names the one rule that it breaks, or answers undefined for all of them. */
export interface Requirement<Given> {
  readonly what: string;
  readonly rules: string;
  readonly fault: (given: Given) => string | undefined;
}

/** Text in its normal form; text that has none is refused with what is allowed. */
export const text = (allowed: string | Requirement<string>, normal: (given: string) => string | undefined) =>
  value(
    typeof allowed === "string"
      ? allowed
      : { ...allowed, fault: (given) => (typeof given === "string" ? allowed.fault(given) : undefined) },
    (given) => (typeof given === "string" ? normal(given) : undefined),
  );

/** A value in its normal form; one that has none is refused with what is allowed. */
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

/** What an error says of a value that is not allowed. */
export const refusalMessage =
  (allowed: string | Requirement<unknown>) =>
  ({ input }: { input: unknown }): string => {
    if (typeof allowed === "string") return `${formatValue(input)} is not ${allowed}`;
    const { what, rules, fault } = allowed;
    const why = fault(input);
    return `${formatValue(input)} is not ${what}${why === undefined ? rules : `: ${why}`}`;
  };
