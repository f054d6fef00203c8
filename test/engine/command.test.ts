import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";
import { REPOSITORY } from "../../tools/stack.ts";
import { openProject, type Project } from "../support/project.ts";

let host: Sandbox;
let project: Project;

beforeAll(async () => {
  host = await sandbox();
  project = await openProject(host, "command");
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

/** Runs `npx pulumi` as a user with a new home folder, without a terminal for prompts. */
async function pulumi(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout, stderr } = await execa(join(REPOSITORY, "node_modules/.bin/pulumi"), args, {
    cwd: project.folder,
    env: { PATH: process.env["PATH"], PULUMI_HOME: join(project.folder, "home"), ...env },
    extendEnv: false,
    stdin: "ignore",
  });
  return stdout + stderr;
}

test("a new user needs no account and no passphrase: the state is in the folder of the project", async () => {
  await pulumi(["stack", "init", "first"]);
  expect(await pulumi(["whoami", "--verbose"])).toContain(`file://${project.folder}/.pulumi-state`);
  expect(await pulumi(["up", "--yes", "--skip-preview", "--stack", "first"])).toContain("1 created");
});

test("the types of a program are checked only if Pulumi is configured to do so", async () => {
  await writeFile(join(project.folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { module: "nodenext" } }));
  await project.program('export const wrong: number = "text";');
  expect(await pulumi(["preview", "--stack", "first"])).not.toContain("TS2322");
  const checked = pulumi(["preview", "--stack", "first"], { PULUMI_NODEJS_TRANSPILE_ONLY: "false" });
  await expect(checked).rejects.toThrow("TS2322");
});

test("a configured backend is used", async () => {
  await mkdir(join(project.folder, "elsewhere"));
  const backend = `file://${join(project.folder, "elsewhere")}`;
  expect(await pulumi(["whoami", "--verbose"], { PULUMI_BACKEND_URL: backend })).toContain(backend);
});

test("a login is used", async () => {
  const backend = `file://${join(project.folder, "login")}`;
  await mkdir(join(project.folder, "login"));
  await pulumi(["login", backend]);
  expect(await pulumi(["whoami", "--verbose"])).toContain(backend);
});
