import { existsSync } from "node:fs";
import { execa } from "execa";
import { projectName } from "./project.ts";

/** The words that tell `pulumi` which stack is meant. */
export const chosen = (stack: string | undefined): readonly string[] => (stack === undefined ? [] : ["--stack", stack]);

/**
 * What `pulumi` prints when it is run in a folder.
 *
 * @throws Error with what it said, when it failed; or that there is no `pulumi`.
 */
export async function askPulumi(cwd: string, ...args: string[]): Promise<string> {
  if (!existsSync(cwd)) throw new Error(`there is no folder ${cwd}`);
  const { exitCode, stdout, stderr, code, shortMessage } = await execa("pulumi", args, {
    cwd,
    reject: false,
    stdin: "ignore",
  });
  if (exitCode === 0) return stdout;
  if (code === "ENOENT") throw new Error(NO_PULUMI);
  // With --json, it says on the standard output what is wrong.
  const said = stderr.trim().replace(/^error: /, "") || stdout.trim() || shortMessage;
  throw new Error(
    `${said || `pulumi ${args.join(" ")} failed`}${projectName(cwd) === undefined ? NO_PROJECT(cwd) : ""}`,
  );
}

/** Pulumi then speaks of whatever comes next, such as a login. */
const NO_PROJECT = (cwd: string): string =>
  `\n  what to do: ${cwd} is in no Pulumi project; run this in the folder of one, or name it: --cwd FOLDER`;

const NO_PULUMI =
  "there is no `pulumi` on the PATH, and the stack's state is read with it\n" +
  '  what to do: install Pulumi, or keep your PATH where sudo leaves it out: sudo env "PATH=$PATH" …';
