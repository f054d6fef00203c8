import { execa } from "execa";
import { expect, test } from "vitest";
import { COMMAND } from "./bench.ts";

const [, ...node] = COMMAND;
const [program = "", ...words] = node;

/** What bash offers for the last word of a line. */
async function offered(...line: string[]): Promise<string[]> {
  const script =
    'source <("$@" completion bash); COMP_WORDS=($LINE ""); COMP_CWORD=$AT; COMP_WORDS[$AT]=$LAST; _pulumi_netns; echo "${COMPREPLY[@]}"';
  const { stdout } = await execa("bash", ["-c", script, "bash", program, ...words], {
    env: { LINE: line.slice(0, -1).join(" "), LAST: line.at(-1) ?? "", AT: String(line.length - 1) },
  });
  return stdout.split(" ").filter((word) => word !== "");
}

test("bash completes commands, options and choices", async () => {
  expect(await offered("pulumi-netns", "s")).toEqual(["status", "shell"]);
  expect(await offered("pulumi-netns", "clean", "--f")).toEqual(["--force"]);
  expect(await offered("pulumi-netns", "completion", "")).toEqual(["bash", "zsh", "fish", "--help"]);
  expect(await offered("pulumi-netns", "capture", "red-wire", "--w")).toEqual(["--write"]);
});

test.each(["bash", "zsh", "fish"])("%s is told of every command of the help", async (shell) => {
  const help = await execa(program, [...words, "--help"]);
  const [, listed = ""] = /^Commands:\n((?: .*\n)+)/m.exec(help.stdout) ?? [];
  const commands = [...listed.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name!).filter((name) => name !== "help");
  expect(commands.length).toBeGreaterThan(5);
  const { stdout } = await execa(program, [...words, "completion", shell]);
  for (const command of commands) expect(stdout).toMatch(new RegExp(`\\b${command}\\b`));
});

test("--version and --help need no stack and no rights, and every command has an example", async () => {
  const { stdout: version } = await execa(program, [...words, "--version"]);
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  for (const command of ["status", "ping", "trace", "exec", "shell", "capture", "graph", "clean", "completion"]) {
    const { stdout } = await execa(program, [...words, command, "--help"], { env: { PATH: "/nowhere" } });
    expect(stdout).toMatch(new RegExp(`^Examples:\\n {2}\\$ .*pulumi-netns ${command}`, "m"));
  }
});
