import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "./bench.ts";

let bench: Bench;
/** A home folder without settings, in which shells can write files. */
let home: string;

beforeAll(async () => {
  bench = await openBench("two-namespaces");
  home = await mkdtemp(join(tmpdir(), "pulumi-netns-home-"));
  // Without this folder, fish creates it in the background, which takes longer than the test.
  await mkdir(join(home, ".local/share/fish/generated_completions"), { recursive: true });
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

/** Opens a shell on a terminal, types a line at each prompt, and returns the exit code and the output. */
async function session(shell: string, host: string, prompt: RegExp, ...lines: string[]) {
  const command = ["env", `SHELL=${shell}`, `HOME=${home}`, ...bench.words("shell", host)];
  const [program = "", ...words] = [
    ...bench.host.enter,
    ...["script", "--quiet", "--return", "--command", command.map((word) => `'${word}'`).join(" "), "/dev/null"],
  ];
  const running = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, TERM: "dumb" } });
  let screen = "";
  let prompts = 0;
  running.stdout.on("data", (data: Buffer) => {
    screen += data.toString();
    while ((screen.match(new RegExp(prompt, "g")) ?? []).length > prompts)
      running.stdin.write(`${lines[prompts++] ?? "exit"}\n`);
  });
  const [code] = await once(running, "close");
  return { code: code as number, screen };
}

test.each([
  ["/bin/bash", /two-namespaces\/dev:red:[^\n]*# /],
  ["/bin/sh", /two-namespaces\/dev:red\$ /],
  ["/usr/bin/zsh", /two-namespaces\/dev:red:[^\n]*# /],
  ["/usr/bin/fish", /two-namespaces\/dev:red \S[^\n]*# /],
])("%s runs in the namespace, and its prompt names it", async (shell, prompt) => {
  const { code, screen } = await session(shell, "red", prompt, "ip -brief address show dev eth0", "exit 5");
  expect(screen).toMatch(/eth0@\S+ +UP +10\.0\.0\.1\/24/);
  expect(code).toBe(5);
});

test("zsh reads the startup files of the user, also from the ZDOTDIR of .zshenv, and keeps no variables of the command", async () => {
  const dots = join(home, "dots");
  await mkdir(dots);
  await writeFile(join(home, ".zshenv"), `ZDOTDIR=${dots}; seen=env\n`);
  await writeFile(join(dots, ".zshrc"), "seen=$seen-rc; PROMPT='mine> '\n");
  const { screen } = await session(
    "/usr/bin/zsh",
    "red",
    /two-namespaces\/dev:red:[^\n]*# /,
    'echo "<$seen> <$ZDOTDIR> <$(set | grep ^PULUMI_NETNS | cut -d= -f1)>"',
  );
  expect(screen).toContain(`<env-rc> <${dots}> <PULUMI_NETNS_PLACE>`);
  await rm(join(home, ".zshenv"));
});

test("an interrupt ends neither the shell nor the command", async () => {
  const { code, screen } = await session(
    "/bin/bash",
    "host",
    /two-namespaces\/dev:host:[^\n]*# /,
    "kill -INT $$ $PPID",
    "echo still $((1+1)) here",
    "exit 6",
  );
  expect(screen).toContain("still 2 here");
  expect(code).toBe(6);
});

test("the error about a host that does not exist lists the hosts", async () => {
  const { code, stderr } = await bench.netns("shell", "rde");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: host "rde" not found in this stack\n {2}help: available: blue, red, host$/);
});
