import { existsSync } from "node:fs";
import { execa } from "execa";
import * as v from "valibot";
import { UserError } from "../provider/message.ts";
import { isOutsideOfLasting } from "../sandbox/lasting.ts";
import { previewErrors } from "./preview-errors.ts";
import { projectFolder } from "./project.ts";

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
  const errors = previewErrors(stdout) ?? (stderr.trim() || stdout.trim());
  const said = errors.replace(/^error: /, "") || shortMessage;
  throw new UserError(said || `pulumi ${args.join(" ")} failed`, await helpFor(cwd, said));
}

async function helpFor(cwd: string, said = ""): Promise<string | undefined> {
  const project = projectFolder(cwd);
  if (project === undefined) return NO_PROJECT(cwd);
  const inSandbox = isOutsideOfLasting(project) ? IN_SANDBOX : undefined;
  if (/PULUMI_ACCESS_TOKEN must be set/.test(said)) return inSandbox;
  if (!/^no stack (named|selected)/.test(said)) return undefined;
  const { stdout, exitCode } = await execa("pulumi", ["stack", "ls", "--json"], {
    cwd,
    reject: false,
    stdin: "ignore",
  });
  if (exitCode !== 0) return undefined;
  const names = v.parse(STACKS, JSON.parse(stdout)).map(({ name }) => name);
  if (names.length > 0) return `the stacks of this project: ${names.join(", ")}`;
  return inSandbox ?? "this project has no stack; `pulumi stack init dev` creates one";
}

const STACKS = v.array(v.object({ name: v.string() }));

/** Returns the help for a folder without a project, for which Pulumi's own error names another cause, such as a login. */
const NO_PROJECT = (cwd: string): string =>
  `${cwd} is not in a Pulumi project; run this in the folder of a project, or name the folder: --cwd FOLDER`;

/** The help for a folder whose stacks are in its sandbox: the advice for a folder without one leads to this machine's network. */
const IN_SANDBOX =
  "this project has a sandbox with stacks of its own; `pulumi-netns sandbox` opens it, and `pulumi-netns sandbox -- COMMAND` runs a command in it";

const NO_PULUMI = [
  "`pulumi`, which reads the stack's state, is not on the PATH",
  'install Pulumi, or keep your PATH under sudo: sudo env "PATH=$PATH" …',
] as const;
