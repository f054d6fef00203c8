import type { Lifecycle } from "./lifecycle.ts";
import type { Failure } from "./schema.ts";

/**
 * Returns the failures of a check in the form in which the engine prints nothing else. Of a failure with a property it prints the value
 * as well, in the notation of Go: `{<nil>}` for a nested property, and a map for a group.
 */
export const engineFailures = (failures: readonly Failure[]): Failure[] =>
  failures.map(({ property, reason }) => ({
    property: "",
    reason: property === "" ? reason : `property ${property}: ${reason}`,
  }));

/** Returns a lifecycle whose failures of a check are for the engine. */
export const withEngineFailures = (lifecycle: Lifecycle): Lifecycle => ({
  ...lifecycle,
  check(olds, news) {
    const { inputs, failures } = lifecycle.check(olds, news);
    return { inputs, ...(failures && { failures: engineFailures(failures) }) };
  },
});
