import type { Lifecycle } from "./lifecycle.ts";
import type { Properties } from "./properties.ts";
import type { Schema } from "./schema.ts";
import { redactError, redactFailures } from "./secrets.ts";

/** Returns a lifecycle whose errors do not show the values of secret arguments. */
export function redactErrors(schema: Schema, lifecycle: Lifecycle): Lifecycle {
  return {
    ...lifecycle,
    check(olds, news) {
      const checked = lifecycle.check(olds, news);
      const secret = news.__secret ?? [];
      if (secret.length === 0 || checked.failures === undefined) return checked;
      return { ...checked, failures: redactFailures(schema, argumentsOf(news), secret, checked.failures) };
    },
    async conflicts(olds, inputs) {
      return redactFailures(
        schema,
        argumentsOf(inputs),
        inputs.__secret ?? [],
        await lifecycle.conflicts(olds, inputs),
      );
    },
    create: (inputs) => lifecycle.create(inputs).catch(rethrowRedacted(inputs)),
    read: (id, outputs) => lifecycle.read(id, outputs).catch(rethrowRedacted(outputs)),
    update: (id, olds, news) => lifecycle.update(id, olds, news).catch(rethrowRedacted(olds, news)),
    delete: (id, outputs) => lifecycle.delete(id, outputs).catch(rethrowRedacted(outputs)),
  };
}

const rethrowRedacted =
  (...all: readonly Properties[]) =>
  (error: unknown): never => {
    throw all.reduce((rest, one) => redactError(rest, argumentsOf(one), one.__secret ?? []), error);
  };

const argumentsOf = (properties: Properties): object =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
