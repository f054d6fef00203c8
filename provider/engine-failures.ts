import type { Lifecycle } from "./lifecycle.ts";
import type { Failure } from "./schema.ts";

/**
 * Returns the failures of a check with their properties in the reasons. If a failure names its property, the engine also prints the
 * property's value, in Go's notation: `{<nil>}` for a nested property, and a map for a group.
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
