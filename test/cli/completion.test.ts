import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { example } from "../../tools/stack.ts";
import { type Bench, COMMAND, openBench } from "./bench.ts";

const [, program = "", ...words] = COMMAND;

let bench: Bench;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  bench = await openBench("seed");
  folder = await mkdtemp(join(tmpdir(), "pulumi-netns-completion-"));
  const command = join(folder, "pulumi-netns");
  await writeFile(command, `#!/bin/sh\nexec env ${COMMAND.map((word) => `'${word}'`).join(" ")} "$@"\n`);
  await chmod(command, 0o755);
  const backend = bench.stack.env.slice(1).map((pair) => [pair.split("=", 1)[0]!, pair.slice(pair.indexOf("=") + 1)]);
  env = {
    ...(Object.fromEntries(backend) as Record<string, string>),
    PATH: `${folder}${delimiter}${process.env["PATH"]}`,
    HOME: folder,
    TERM: "dumb",
  };
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

// Reading the names of the stack needs no permissions, so it runs outside of the sandbox.
const within = `--cwd ${example("seed")} --stack dev`;

/** Returns the words that bash offers for each of some lines. */
const inBash = async (...lines: string[]): Promise<string[][]> => {
  const script = `source <(pulumi-netns completion bash)
    for line in "$@"; do
      IFS=" " read -ra COMP_WORDS <<<"$line"
      [[ $line != *" " ]] || COMP_WORDS+=(""); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); COMPREPLY=()
      _pulumi_netns pulumi-netns; printf '%s\\n' "\${COMPREPLY[@]}" ${END}
    done`;
  return listed((await execa("bash", ["-c", script, "bash", ...lines], { env, cwd: folder })).stdout);
};

/** Returns the words that fish offers for each of some lines. */
const inFish = async (...lines: string[]): Promise<string[][]> => {
  const script = `pulumi-netns completion fish | source; for line in $argv; complete -C "$line"; echo ${END}; end`;
  const { stdout } = await execa("fish", ["--no-config", "-c", script, ...lines], { env, cwd: folder });
  return listed(stdout);
};

/** The line after the words of a line. */
const END = "END";

/** Returns the words of each line, sorted and without the descriptions of fish. */
const listed = (text: string): string[][] =>
  text
    .split(/^END$/m)
    .slice(0, -1)
    .map((part) =>
      part
        .split("\n")
        .flatMap((line) => line.split("\t")[0] || [])
        .sort(),
    );

// completions.test.ts has all kinds of words; each of these is of a kind that the shells treat differently.
test.each([
  ["bash", inBash],
  ["fish", inFish],
])("%s completes commands, options, and the stack's names", async (_, offered) => {
  const lines = ["s", "clean --f", `exec ${within} `, `capture ${within} red-`, `link ${within} down red `];
  expect(await offered(...lines.map((line) => `pulumi-netns ${line}`))).toEqual([
    ["sandbox", "shell", "status"],
    ["--force"],
    ["blue", "host", "red"],
    ["red-wire", "red-wire.a", "red-wire.b"],
    ["veth-red"],
  ]);
});

test("fish completes file names where no other words are offered", async () => {
  await writeFile(join(folder, "some.pcap"), "");
  expect(await inFish("pulumi-netns capture red-wire --write so")).toEqual([["some.pcap"]]);
});

test("zsh completes commands, options, the stack's names and file names", async () => {
  const screen = await typed("zsh -f -i", [
    ["autoload -U compinit; compinit -u -D; source <(pulumi-netns completion zsh); PS1='%# '; echo READ''Y\n", /READY/],
    ["pulumi-netns s\t", /shell +-- open a shell in a namespace\s+status +-- show which resources/],
    ["\u0015pulumi-netns clean --fo\t", /clean --force /],
    [`\u0015pulumi-netns shell ${within} bl\t`, /bl\S*ue /],
    [`\u0015: some.pcap; pulumi-netns capture red-wire -w ${folder}/some\t`, /some\S*\.pcap /],
  ]);
  expect(screen).not.toMatch(/bad|error|not found/);
});

/** Types texts into a shell on a terminal, waits after each for the expected output, and returns all output. */
async function typed(shell: string, steps: readonly (readonly [string, RegExp])[]): Promise<string> {
  const args = ["--quiet", "--return", "--command", shell, "/dev/null"];
  const running = spawn("script", args, { stdio: ["pipe", "pipe", "inherit"], env, cwd: folder });
  const end = once(running, "close");
  let screen = "";
  running.stdout.on("data", (data: Buffer) => (screen += data.toString().replaceAll(/\u001b\[[\d;?]*[a-zA-Z]/g, "")));
  try {
    for (const [text, awaited] of steps) {
      const before = screen.length;
      running.stdin.write(text);
      await expect.poll(() => screen.slice(before), { timeout: 60_000 }).toMatch(awaited);
    }
    return screen;
  } finally {
    running.kill("SIGKILL");
    await end;
  }
}

test("a shell does not interpret a completed name", async () => {
  const evil = "$(touch evil)`touch evil`*;'";
  await writeFile(join(folder, "evil-netns"), `#!/bin/sh\nprintf '%s\\n' "$EVIL"\n`);
  await chmod(join(folder, "evil-netns"), 0o755);
  const script = `source <(pulumi-netns completion bash); COMP_WORDS=(evil-netns ""); COMP_CWORD=1
    _pulumi_netns evil-netns; printf '%s\\n' "\${COMPREPLY[@]}"; ls`;
  const { stdout } = await execa("bash", ["-c", script], { env: { ...env, EVIL: evil }, cwd: folder });
  expect(stdout.split("\n")[0]).toBe(evil);
  expect(stdout.split("\n")).not.toContain("evil");
});

test("--version and --help need no stack and no permissions", async () => {
  const { stdout: version } = await execa(program, [...words, "--version"]);
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  const { stdout } = await execa(program, [...words, "status", "--help"], { env: { PATH: "/nowhere" } });
  expect(stdout).toMatch(/^Examples:\n {2}\$ .*pulumi-netns status/m);
});
