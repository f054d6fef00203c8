import type { Lifecycle } from "./lifecycle.ts";
import type { Properties } from "./properties.ts";
import type { Schema } from "./schema.ts";
import { discreetError, discreetFailures } from "./secrets.ts";

/** A life whose errors show no values of arguments that are secret. */
export function discreet(schema: Schema, life: Lifecycle): Lifecycle {
  return {
    ...life,
    check(olds, news) {
      const checked = life.check(olds, news);
      const secret = news.__secret ?? [];
      if (secret.length === 0 || checked.failures === undefined) return checked;
      return { ...checked, failures: discreetFailures(schema, argumentsOf(news), secret, checked.failures) };
    },
    create: (inputs) => life.create(inputs).catch(rethrow(inputs)),
    read: (id, outputs) => life.read(id, outputs).catch(rethrow(outputs)),
    update: (id, olds, news) => life.update(id, olds, news).catch(rethrow(olds, news)),
    delete: (id, outputs) => life.delete(id, outputs).catch(rethrow(outputs)),
  };
}

const rethrow =
  (...all: readonly Properties[]) =>
  (error: unknown): never => {
    throw all.reduce((rest, one) => discreetError(rest, argumentsOf(one), one.__secret ?? []), error);
  };

const argumentsOf = (properties: Properties): object =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
