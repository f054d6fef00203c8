import type { Lifecycle } from "./lifecycle.ts";
import { UserError } from "./message.ts";
import type { Properties } from "./properties.ts";
import { propertyPath } from "./property-path.ts";
import type { Failure } from "./schema.ts";

/**
 * Returns the failures of a check with their properties in the reasons. If a failure names its property, the engine also prints the
 * property's value, in Go's notation: `{<nil>}` for a nested property, and a map for a group.
 */
export const engineFailures = (failures: readonly Failure[], args: object): Failure[] =>
  failures.map(({ property, reason }) => ({
    property: "",
    reason: property === "" ? reason : `property ${propertyPath(args, property)}: ${reason}`,
  }));

/** A lifecycle with the check that the engine asks for. */
export interface EngineLifecycle extends Omit<Lifecycle, "check" | "conflicts"> {
  check(olds: object, news: Properties): Promise<{ inputs: object; failures?: Failure[] }>;
}

/** Returns a lifecycle whose check finds all failures of a resource, as the engine shows them. */
export const withEngineFailures = (lifecycle: Lifecycle): EngineLifecycle => ({
  ...lifecycle,
  async check(olds, news) {
    const { inputs, failures = [] } = lifecycle.check(olds, news);
    const all = failures.length > 0 ? failures : await lifecycle.conflicts(olds, inputs as Properties);
    return { inputs, ...(all.length > 0 && { failures: engineFailures(all, news) }) };
  },
  delete: (id, outputs) => lifecycle.delete(id, outputs).catch(rethrowWithoutStack),
});

function rethrowWithoutStack(error: unknown): never {
  throw error instanceof UserError ? new DeleteError(error.message) : error;
}

/** An error of a delete. Pulumi shows its message at the resource, and prints its text and its stack trace at the stack as well. */
class DeleteError extends Error {
  override readonly stack = "the error is shown at the resource";

  override toString(): string {
    return "a resource could not be deleted";
  }
}
