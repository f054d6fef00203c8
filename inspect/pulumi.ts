import { existsSync } from "node:fs";
import { execa } from "execa";
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
  throw new UserError(
    said || `pulumi ${args.join(" ")} failed`,
    projectName(cwd) === undefined ? NO_PROJECT(cwd) : undefined,
  );
}

/** Returns the help for a folder without a project, for which Pulumi's own error names another cause, such as a login. */
const NO_PROJECT = (cwd: string): string =>
  `${cwd} is not in a Pulumi project; run this in the folder of a project, or name the folder: --cwd FOLDER`;

const NO_PULUMI = [
  "`pulumi`, which reads the stack's state, is not on the PATH",
  'install Pulumi, or keep your PATH under sudo: sudo env "PATH=$PATH" …',
] as const;
