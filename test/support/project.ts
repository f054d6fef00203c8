import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, Sandbox } from "../../tools/sandbox.ts";
import { openStack, REPOSITORY, type Stack } from "../../tools/stack.ts";

/** A Pulumi project of a test's own, whose program changes as the test goes on. */
export interface Project extends AsyncDisposable {
  readonly folder: string;
  readonly stack: Stack;
  /** Replaces the program. All resource classes are imported already. */
  program(text: string): Promise<void>;
  /** Runs `preview` or `up` on a program that is to fail, and gives what was said. */
  failing(verb: "preview" | "up", text: string): Promise<Answer & { said: string }>;
}

export async function openProject(host: Sandbox, name: string): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), `pulumi-netns-${name}-`));
  await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name, main: "index.ts" }));
  await writeFile(join(folder, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
  // Its types are not looked at: that takes two seconds each time that it changes.
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { module: "nodenext", noCheck: true } }),
  );
  const program = (text: string) => writeFile(join(folder, "index.ts"), `${IMPORTS}\n${text}\n`);
  await program("");
  const stack = await openStack(host, folder);
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
import { Address, Bridge, Namespace, NatRule, Route, Sysctl, Veth } from "pulumi-netns";
`;
