import { accessSync, constants as fsConstants } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { LabHostCommand } from "../inspect/lab-host.ts";
import { toolPath } from "../provider/kernel/client/environment.ts";
import { UserError } from "../provider/message.ts";

/** Options of an interactive command. */
export interface InteractiveOptions {
  /** Environment variables to add to those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command on the input and output of this process, and returns its exit code. */
export const runInteractive = (command: LabHostCommand, { env = {} }: InteractiveOptions = {}): Promise<number> =>
  runOn(command, "inherit", "inherit", env);

/** Runs a command without input, with a prefix before each line of its output, and returns its exit code. */
export const runPrefixed = (command: LabHostCommand, prefix: string): Promise<number> => {
  const label = function* (line: unknown) {
    yield `${prefix}${String(line)}`;
  };
  return runOn(command, "ignore", [label, "inherit"]);
};

/**
 * Runs a command to its end and returns its exit code. One that ends with its input gets a Ctrl-C as the end of its input: it is not
 * in the process group of the terminal, so that it can report how it has ended.
 */
async function runOn(
  { argv: [program = "", ...args], endsWithInput }: LabHostCommand,
  stdin: "inherit" | "ignore",
  output: "inherit" | [(line: unknown) => Generator<string>, "inherit"],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const interrupt = () => void running.stdin?.end();
  // Ctrl-C goes to the command, which may print something before it ends, and whose exit code is needed. The command may get one as
  // soon as it runs, so this process is ready before that.
  process.on("SIGINT", interrupt);
  const running = execa(program, args, {
    stdin: endsWithInput ? "pipe" : stdin,
    ...{
      stdout: output,
      stderr: output,
      buffer: false,
      reject: false,
      detached: endsWithInput,
      env: { ...environment(), ...env },
    },
  });
  try {
    return exitCode(program, await running);
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** Returns true if a command of this name can be started. */
export const isInstalled = (program: string): boolean =>
  environment()
    .PATH.split(":")
    .some((folder) => isExecutable(join(folder, program)));

function isExecutable(file: string): boolean {
  try {
    accessSync(file, fsConstants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const environment = () => ({ PATH: toolPath() });

/** Returns the exit code as a shell would report it. */
function exitCode(program: string, { exitCode, signal, code, shortMessage = "" }: ExecaResult): number {
  if (exitCode !== undefined) return exitCode;
  if (signal !== undefined) return 128 + constants.signals[signal];
  throw new UserError(code === "ENOENT" ? `command ${program} not found` : shortMessage);
}

/** The result of a command, as execa returns it. */
interface ExecaResult {
  readonly exitCode?: number | undefined;
  readonly signal?: keyof typeof constants.signals | undefined;
  readonly code?: string | undefined;
  readonly shortMessage?: string | undefined;
}
