import { globSync } from "node:fs";
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
