import { existsSync } from "node:fs";
import { execa } from "execa";
import * as v from "valibot";
import { UserError } from "../provider/message.ts";
import { projectName } from "./project.ts";

/** Returns the arguments that select a stack for `pulumi`. */
export const chosen = (stack: string | undefined): readonly string[] => (stack === undefined ? [] : ["--stack", stack]);

/**
 * Runs `pulumi` in a folder and returns its output.
 *
 * @throws Error with the output of `pulumi` if it failed, or if `pulumi` is not installed.
 */
export async function askPulumi(cwd: string, ...args: string[]): Promise<string> {
  if (!existsSync(cwd)) throw new UserError(`folder ${cwd} does not exist`);
  const { exitCode, stdout, stderr, code, shortMessage } = await execa("pulumi", args, {
    cwd,
    reject: false,
    stdin: "ignore",
  });
  if (exitCode === 0) return stdout;
  if (code === "ENOENT") throw new UserError(...NO_PULUMI);
  // With --json, `pulumi` reports errors on standard output.
  const said = stderr.trim().replace(/^error: /, "") || stdout.trim() || shortMessage;
  throw new UserError(said || `pulumi ${args.join(" ")} failed`, await helpFor(cwd, said));
}

async function helpFor(cwd: string, said = ""): Promise<string | undefined> {
  if (projectName(cwd) === undefined) return NO_PROJECT(cwd);
  if (!/^no stack (named|selected)/.test(said)) return undefined;
  const { stdout, exitCode } = await execa("pulumi", ["stack", "ls", "--json"], {
    cwd,
    reject: false,
    stdin: "ignore",
  });
  if (exitCode !== 0) return undefined;
  const names = v.parse(STACKS, JSON.parse(stdout)).map(({ name }) => name);
  return names.length === 0
    ? "this project has no stack; `pulumi stack init dev` creates one"
    : `the stacks of this project: ${names.join(", ")}`;
}

const STACKS = v.array(v.object({ name: v.string() }));

/** Returns the help for a folder without a project, for which Pulumi's own error names another cause, such as a login. */
const NO_PROJECT = (cwd: string): string =>
  `${cwd} is not in a Pulumi project; run this in the folder of a project, or name the folder: --cwd FOLDER`;

const NO_PULUMI = [
  "`pulumi`, which reads the stack's state, is not on the PATH",
  'install Pulumi, or keep your PATH under sudo: sudo env "PATH=$PATH" …',
] as const;
