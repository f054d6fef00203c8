import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, Sandbox } from "../../tools/sandbox.ts";
import { openStack, REPOSITORY, type Stack } from "../../tools/stack.ts";

/** A Pulumi project of a single test, whose program changes during the test. */
export interface Project extends AsyncDisposable {
  readonly folder: string;
  readonly stack: Stack;
  /** Replaces the program. It already imports all resource classes. */
  program(text: string): Promise<void>;
  /** Runs `preview` or `up` with a program that must fail, and returns the messages. */
  failing(verb: "preview" | "up", text: string): Promise<Answer & { said: string }>;
}

export async function openProject(
  host: Sandbox,
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), `pulumi-netns-${name}-`));
  await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name, main: "index.ts" }));
  await writeFile(join(folder, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
  // Without type checking, which takes two seconds after each change.
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { module: "nodenext", noCheck: true } }),
  );
  const program = (text: string) => writeFile(join(folder, "index.ts"), `${IMPORTS}\n${text}\n`);
  await program("");
  const stack = await openStack(host, folder, "dev", env);
  return {
    folder,
    stack,
    program,
    async failing(verb, text) {
      await program(text);
      const answer = await stack.try(verb, ...(verb === "up" ? ["--yes", "--skip-preview"] : []));
      return { ...answer, said: answer.stdout + answer.stderr };
    },
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

const IMPORTS = `
import * as pulumi from "@pulumi/pulumi";
import { Address, Bridge, FilterChain, Namespace, NatRule, Route, Sysctl, Veth } from "pulumi-netns";
`;
