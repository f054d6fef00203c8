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

/** Returns a lifecycle whose check finds all failures of a resource, and whose errors are as the engine shows them. */
export const withEngineFailures = (lifecycle: Lifecycle): EngineLifecycle => ({
  ...lifecycle,
  async check(olds, news) {
    const { inputs, failures = [] } = lifecycle.check(olds, news);
    const all =
      failures.length > 0
        ? failures
        : await lifecycle.conflicts(olds, inputs as Properties).catch(rethrowShown("checked"));
    return { inputs, ...(all.length > 0 && { failures: engineFailures(all, news) }) };
  },
  read: (id, outputs) => lifecycle.read(id, outputs).catch(rethrowShown("read")),
  delete: (id, outputs) => lifecycle.delete(id, outputs).catch(rethrowShown("deleted")),
});

const rethrowShown =
  (done: string) =>
  (error: unknown): never => {
    throw error instanceof UserError ? new ShownError(error.message, done) : error;
  };

/** An error whose message Pulumi shows at the resource. Pulumi prints its text and its stack trace at the stack as well. */
class ShownError extends Error {
  override readonly stack = "the error is shown at the resource";
  readonly #done: string;

  constructor(message: string, done: string) {
    super(message);
    this.#done = done;
  }

  override toString(): string {
    return `a resource could not be ${this.#done}`;
  }
}
