import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SOON } from "../../tools/sandbox.ts";
import { example, REPOSITORY } from "../../tools/stack.ts";
import { COMMAND } from "./bench.ts";

let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "pulumi-netns-sandbox-"));
  await cp(example("two-namespaces"), project, { recursive: true, filter: (file) => !/Pulumi\.\w+\.yaml$/.test(file) });
  await symlink(join(REPOSITORY, "node_modules"), join(project, "node_modules"));
});

afterAll(async () => {
  await netns("sandbox", "--remove");
  await rm(project, { recursive: true });
});

const [path = "", ...words] = COMMAND;
const env = { PATH: path.slice("PATH=".length), SHELL: "/bin/bash", TERM: "dumb" };

/** Runs `pulumi-netns` in the folder of the project, on the machine itself. */
const netns = (...args: string[]) =>
  execa(words[0]!, [...words.slice(1), ...args], { cwd: project, env, reject: false });

const inside = (...args: string[]) => netns("sandbox", "--", ...args);

/** Opens the shell of the sandbox on a terminal, and types a line at each prompt. */
async function session(...lines: string[]): Promise<{ code: number; screen: string }> {
  const command = [...words, "sandbox"].map((word) => `'${word}'`).join(" ");
  const running = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd: project,
    env: { ...process.env, ...env, HOME: project },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  let prompts = 0;
  running.stdout.on("data", (data: Buffer) => {
    screen += data.toString();
    while ((screen.match(/\(sandbox\):[^\n]*# /g) ?? []).length > prompts)
      running.stdin.write(`${lines[prompts++] ?? "exit"}\n`);
  });
  const [code] = await once(running, "close");
  return { code: code as number, screen };
}

test("a sandbox keeps its lab between two shells, and is removed with all its processes", async () => {
  const first = await session("ip -brief link", "exit 5");
  expect(first.code).toBe(5);
  expect(first.screen).toContain("This is a new sandbox, without stacks.");
  expect(first.screen).toMatch(/^lo +UNKNOWN/m);
  for (const device of readdirSync("/sys/class/net")) if (device !== "lo") expect(first.screen).not.toContain(device);

  const create = "pulumi stack init dev && pulumi up --yes --skip-preview";
  expect(await inside("sh", "-c", create)).toMatchObject({ exitCode: 0 });
  const again = await session("ip netns exec red ping -c1 10.0.0.2 >/dev/null && echo reached=$?");
  expect(again.screen).not.toContain("This is a new sandbox");
  expect(again.screen).toContain("reached=0");
  expect(await inside("pulumi-netns", "status")).toMatchObject({ exitCode: 0 });
  expect(await inside("pulumi-netns", "sandbox")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("this shell is in a sandbox already"),
  });

  for (const command of [["status"], ["ping", "red", "10.0.0.2"], ["exec", "red", "--", "ip", "link"]])
    expect(await netns(...command)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        "help: this project has a sandbox with stacks of its own; `pulumi-netns sandbox` opens it",
      ),
    });

  const holder = readFileSync(join(project, ".pulumi-sandbox/pid"), "utf8");
  const daemon = (await inside("sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!")).stdout;
  expect([holder, daemon].map(runs)).toEqual([true, true]);
  expect((await netns("sandbox", "--remove")).stdout).toBe("the sandbox of two-namespaces was removed");
  await expect.poll(() => [holder, daemon].map(runs), SOON).toEqual([false, false]);
  expect(existsSync(join(project, ".pulumi-sandbox"))).toBe(false);
  expect((await netns("sandbox", "--remove")).stdout).toBe("two-namespaces has no sandbox");
});

test("the state of a sandbox that has ended is deleted with a warning, because its lab no longer exists", async () => {
  expect((await inside("pulumi", "stack", "init", "dev")).stderr).not.toContain("the former sandbox has ended");
  process.kill(Number(readFileSync(join(project, ".pulumi-sandbox/pid"), "utf8")));
  expect(await inside("pulumi", "stack", "ls", "--json")).toMatchObject({
    stdout: "[]",
    stderr: expect.stringMatching(
      /^warning: the former sandbox has ended, and its lab .* are gone with it;.*\n {2}help: /,
    ),
  });
});

test("a copy of the project has its own sandbox", async () => {
  await inside("ip", "netns", "add", "red");
  const copy = `${project}-copy`;
  await cp(project, copy, { recursive: true });
  expect(await netns("sandbox", "--cwd", copy, "--", "ip", "netns")).toMatchObject({ stdout: "", stderr: "" });
  expect((await inside("ip", "netns")).stdout).toBe("red");
  await netns("sandbox", "--cwd", copy, "--remove");
  expect((await inside("ip", "netns")).stdout).toBe("red");
  await rm(copy, { recursive: true });
});

test("a folder outside of a project has no sandbox", async () => {
  const { exitCode, stderr } = await netns("sandbox", "--cwd", tmpdir());
  expect(exitCode).toBe(1);
  expect(stderr).toContain("is not in a Pulumi project");
});

const runs = (pid: string): boolean => existsSync(`/proc/${pid}`);
