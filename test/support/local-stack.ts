import * as fs from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import * as path from "node:path";
import { compileFunction } from "node:vm";
import * as pulumi from "@pulumi/pulumi";
import { linux } from "../../provider/kernel/client/linux.ts";
import * as sdk from "../../sdk/index.ts";
import type { Sandbox } from "../../tools/sandbox.ts";
import { example, type Stack } from "../../tools/stack.ts";
import { succeeds } from "./edited.ts";
import type { Program } from "./engine/program.ts";
import { openEngine } from "./engine.ts";

/** A stack on the in-process engine, with the same operations and results as one on Pulumi's engine. */
export interface LocalStack extends Pick<Stack, "config" | "up" | "preview" | "refresh" | "destroy"> {
  /** Replaces the program, which is the text of a project's main module, and the folder of the files that it reads. */
  program(text: string, folder?: string): void;
  /** Returns an output of the program, as of its last run. */
  output(name: string): unknown;
}

/** Opens a stack of a project without a program. */
export function openLocalStack(host: Sandbox, project: string): LocalStack {
  let program: Program = () => undefined;
  let outputs: Record<string, unknown> = {};
  const config: Record<string, string> = {};
  const kernel = () => linux(host.enter, host.root);
  const engine = openEngine({ project, stack: "dev", kernel, config });
  return {
    program(text, folder = example(project)) {
      const run = runnable(text);
      program = () => {
        pulumi.output(run(modulesIn(folder))).apply((values) => (outputs = values));
      };
    },
    async config(values) {
      for (const [key, value] of Object.entries(values)) config[`${project}:${key}`] = String(value);
    },
    output: (name) => outputs[name],
    up: async () => succeeds(await engine.up(program)),
    preview: async () => succeeds(await engine.preview(program)),
    refresh: async () => succeeds(await engine.refresh()),
    destroy: async () => succeeds(await engine.destroy()),
  };
}

/** Opens a stack of an example. */
export function openLocalExample(host: Sandbox, name: string): LocalStack {
  const stack = openLocalStack(host, name);
  stack.program(exampleText(name), example(name));
  return stack;
}

/** Returns the program of an example. */
export function exampleProgram(name: string): Program {
  const run = runnable(exampleText(name));
  return () => void run(modulesIn(example(name)));
}

const exampleText = (name: string): string => fs.readFileSync(path.join(example(name), "index.ts"), "utf8");

type Run = (modules: ReturnType<typeof modulesIn>) => Record<string, unknown>;

/** Returns a function that runs a module, which may import only {@link modulesIn}, and returns its exports. */
function runnable(text: string): Run {
  const code = stripTypeScriptTypes(text)
    .replaceAll(/^ *import \* as (\w+) from ("[^"]+");$/gm, "const $1 = modules[$2];")
    .replaceAll(/^ *import (\{[^}]*\}) from ("[^"]+");$/gm, "const $1 = modules[$2];")
    .replaceAll(/^ *export const (\w+) =/gm, "const $1 = exports.$1 =");
  return compileFunction(`const exports = {};\n${code}\nreturn exports;`, ["modules"]) as Run;
}

/** Returns the modules that a program may import. Pulumi runs a program in the folder of its project. */
const modulesIn = (folder: string) => ({
  "@pulumi/pulumi": pulumi,
  "node:fs": {
    readFileSync: (file: string, encoding: "utf8") => fs.readFileSync(path.resolve(folder, file), encoding),
  },
  "node:path": path,
  "pulumi-netns": sdk,
});
