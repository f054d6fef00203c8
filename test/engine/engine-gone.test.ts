import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox } from "../../tools/sandbox.ts";
import { REPOSITORY } from "../../tools/stack.ts";
import { engineIn, languageHostIn, ofPulumi, runningIn } from "../support/engine-processes.ts";
import { openProject, type Project } from "../support/project.ts";

let host: Sandbox;
let project: Project;

beforeEach(async () => {
  host = await sandbox();
  project = await openProject(host, "gone");
});

afterEach(async () => {
  await project[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

/** A program with a resource whose creation is slow, and further code that runs after it has begun. */
const slow = (settle: number, more = "") => `
  import { writeFileSync } from "node:fs";
  import { Process } from "pulumi-netns";
  const red = new Namespace("red");
  new Process("slow", { namespace: red, command: ["sh", "-c", "trap : TERM; while :; do sleep 1; done"], settle: ${settle} });
  red.id.apply(() => setTimeout(() => { writeFileSync("/run/begun", ""); ${more} }, 500));`;

const hasBegun = async () => (await host.try("ls", "/run/begun")).code === 0;

const PATIENTLY = { timeout: 30_000, interval: 50 };
const lines = () => ofPulumi(host).map(({ line }) => line);

test.each([
  ["waits for the engine", ""],
  ["has other work", "setInterval(() => console.log('tick'), 200);"],
  ["uses all its processor time", "for (;;);"],
])(
  "a kill of the engine during an up ends all processes that it has started, if the program %s",
  async (_what, more) => {
    await project.program(slow(30_000, more));
    const up = project.stack.try("up", "--yes", "--skip-preview");
    await expect.poll(hasBegun, PATIENTLY).toBe(true);
    // Those of the engine, the language host, the program, and the provider with the shell that has started it.
    expect(lines()).toHaveLength(5);
    process.kill(engineIn(host).pid, "SIGKILL");
    await up;
    await expect.poll(lines, SOON).toEqual([]);
  },
);

test("a kill of the engine and the language host ends all other processes, too", async () => {
  await project.program(slow(30_000, "setInterval(() => console.log('tick'), 200);"));
  const up = project.stack.try("up", "--yes", "--skip-preview");
  await expect.poll(hasBegun, PATIENTLY).toBe(true);
  for (const { pid } of [engineIn(host), languageHostIn(host)]) process.kill(pid, "SIGKILL");
  await up;
  await expect.poll(lines, SOON).toEqual([]);
});

test("a kill of the engine ends its provider, also while that starts", async () => {
  await project.program(slow(30_000));
  const up = project.stack.try("up", "--yes", "--skip-preview");
  await expect.poll(() => lines().some((line) => line.includes("dynamic-provider/index.js")), PATIENTLY).toBe(true);
  process.kill(engineIn(host).pid, "SIGKILL");
  await up;
  await expect.poll(lines, SOON).toEqual([]);
});

test("a kill of the engine during a destroy ends all processes that it has started", async () => {
  await project.program(slow(100));
  await project.stack.up();
  const destroy = project.stack.try("destroy", "--yes", "--skip-preview");
  await expect
    .poll(() => runningIn(host).some(({ line }) => line.includes("processes still running after SIGKILL")), PATIENTLY)
    .toBe(true);
  process.kill(engineIn(host).pid, "SIGKILL");
  await destroy;
  await expect.poll(lines, SOON).toEqual([]);
});

test("an orphaned provider that has not loaded the package is ended by the next run, and that of a running engine is not", async () => {
  const script = join(REPOSITORY, "node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js");
  const provider = (address: string) =>
    host.run("sh", "-c", '"$@" >/dev/null 2>&1 & echo $!', "sh", process.execPath, script, address);
  const listen = 'require("net").createServer().listen(7, "127.0.0.1")';
  const engine = await host.run("sh", "-c", '"$@" >/dev/null 2>&1 & echo $!', "sh", process.execPath, "-e", listen);
  const [orphan, other] = [await provider("127.0.0.1:6"), await provider("127.0.0.1:7")];
  const providers = () =>
    ofPulumi(host).flatMap(({ pid, line }) => (line.includes("dynamic-provider") ? [String(pid)] : []));
  await expect.poll(() => providers().sort(), SOON).toEqual([orphan, other].sort());
  await project.program(`new Namespace("red");`);
  await project.stack.up();
  await expect.poll(providers, SOON).toEqual([other]);
  await project.stack.destroy();
  expect(providers()).toEqual([other]);
  await host.run("kill", other, engine);
});

// Those that end with a check are in checks.test.ts.
test.each([
  ["a refused argument", `new Bridge("lan", { mtu: 20 });`],
  ["an error of the program", `new Namespace("red"); throw new Error("no more");`],
])("an up that ends with %s leaves no process", async (_what, program) => {
  expect((await project.failing("up", program)).code).not.toBe(0);
  await expect.poll(lines, SOON).toEqual([]);
});

test("an up continues if the shell that has started its engine ends", async () => {
  await project.program(slow(4000));
  const [first = "", ...rest] = project.stack.env;
  const command = [
    first,
    ...rest,
    "pulumi",
    "--cwd",
    project.folder,
    "up",
    "--yes",
    "--skip-preview",
    "--stack",
    "dev",
  ];
  await host.run("sh", "-c", LEAVE, "sh", ...command);
  expect(lines()).toHaveLength(5);
  await expect.poll(lines, PATIENTLY).toEqual([]);
  expect(await host.run("cat", "/run/said")).toMatch(/Resources:\n\s+\+ 3 created/);
});

test("a process that runs a program inline is not ended with its engine", async () => {
  await writeFile(join(project.folder, "inline.mjs"), INLINE);
  const running = host.try(...(project.stack.env as [string]), process.execPath, join(project.folder, "inline.mjs"));
  await expect.poll(hasBegun, PATIENTLY).toBe(true);
  process.kill(engineIn(host).pid, "SIGKILL");
  const { stdout } = await running;
  expect(stdout).toMatch(/^the up has failed\nand here I am$/m);
  await expect.poll(lines, SOON).toEqual([]);
});

/** Starts a command, and ends after the program has begun. */
const LEAVE = `"$@" >/run/said 2>&1 </dev/null & while [ ! -e /run/begun ]; do sleep 0.1; done`;

const INLINE = `
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { Process } from "pulumi-netns";
const program = async () => {
  new Process("slow", { command: ["sleep", "1000"], settle: 30000 });
  setTimeout(() => writeFileSync("/run/begun", ""), 5000);
};
const stack = await LocalWorkspace.createOrSelectStack(
  { projectName: "gone", stackName: "dev", program },
  { workDir: import.meta.dirname },
);
await stack.up().catch(() => console.log("the up has failed"));
await pause(4000);
console.log("and here I am");
process.exit();
`;
