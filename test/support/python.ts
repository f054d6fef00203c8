import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Sandbox } from "../../tools/sandbox.ts";
import { openStack, REPOSITORY, type Stack } from "../../tools/stack.ts";

const VENV = join(REPOSITORY, ".tools/python");
const PULUMI = join(REPOSITORY, ".tools/pulumi");

/** What this machine lacks to run Python programs; `undefined` if it lacks nothing. */
export function lackedByPython(): string | undefined {
  if (!existsSync(join(VENV, "bin/python"))) return "the set-up has not installed Pulumi's SDK for Python";
  if (!existsSync(join(PULUMI, "pulumi-language-python"))) return "the Pulumi CLI has no Python host";
  return undefined;
}

/** Generates the SDK with the command of docs/python.md, and installs it beside Pulumi's own. */
export async function installSdk(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-sdk-"));
  try {
    const plugin = join(REPOSITORY, "bin/pulumi-resource-netns");
    await execa("pulumi", ["package", "gen-sdk", plugin, "--language", "python", "--out", folder], {
      preferLocal: true,
      localDir: REPOSITORY,
      env: { PULUMI_HOME: join(folder, "home") },
    });
    // The set-up has installed what the SDK depends on.
    const offline = ["--no-deps", "--no-build-isolation", "--no-index", "--force-reinstall"];
    await execa(join(VENV, "bin/python"), ["-m", "pip", "install", ...offline, join(folder, "python")]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A Pulumi project in Python, whose program changes during the test. */
export interface PythonProject extends AsyncDisposable {
  readonly stack: Stack;
  program(text: string): Promise<void>;
}

/** Opens a copy of the example with its program. */
export async function openPython(host: Sandbox): Promise<PythonProject & { readonly text: string }> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-python-"));
  await cp(join(REPOSITORY, "examples/seed-python"), folder, {
    recursive: true,
    filter: (path) => !/\/(?:venv|sdk|\.pulumi-state)$/.test(path),
  });
  const file = (name: string) => join(folder, name);
  const project = await readFile(file("Pulumi.yaml"), "utf8");
  await writeFile(file("Pulumi.yaml"), project.replace("../../node_modules/pulumi-netns/", REPOSITORY));
  await symlink(VENV, file("venv"));
  const stack = await openStack(host, folder);
  return {
    stack,
    text: await readFile(file("__main__.py"), "utf8"),
    program: (text) => writeFile(file("__main__.py"), text),
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
