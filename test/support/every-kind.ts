import { globSync } from "node:fs";
import { type Field, type Fields, fieldsOf } from "../../provider/schema.ts";
import { pathsOf, valueAt } from "../provider/samples.ts";
import type { kindSample } from "./kind-sample.ts";

const folder = new URL("../kinds/", import.meta.url);
const modules = globSync("*.sample.ts", { cwd: folder })
  .sort()
  .map((file) => import(new URL(file, folder).href) as Promise<{ default: ReturnType<typeof kindSample> }>);

/** Every kind, with its sample. */
export const everyKind = (await Promise.all(modules)).map((module) => module.default);

/** Every example of every kind. */
export const everyExample = everyKind.flatMap(({ type, kind, examples, right }) =>
  examples.map((args) => ({ type, kind, args, right: right ?? {} })),
);

/** Every argument in the examples, with its dotted path. */
export const everyArgument = everyExample.flatMap((one) =>
  pathsOf(one.kind.schema.entries).flatMap((path) => (valueAt(one.args, path) === undefined ? [] : [{ ...one, path }])),
);

/** Returns the declaration of the argument at a dotted path. */
export function fieldAt(fields: Fields, path: string): Field {
  const [key = "", ...rest] = path.split(".");
  const field = fields[key];
  if (field === undefined) throw new Error(`there is no argument ${path}`);
  return rest.length === 0 ? field : fieldAt(fieldsOf(field) ?? {}, rest.join("."));
}
