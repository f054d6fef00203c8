import { accessSync, constants as fsConstants } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { toolPath } from "../provider/kernel/client/environment.ts";
import { UserError } from "../provider/message.ts";

/** Options of an interactive command. */
export interface InteractiveOptions {
  /** Environment variables to add to those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command on the input and output of this process, and returns its exit code. */
export const runInteractive = (argv: readonly string[], { env = {} }: InteractiveOptions = {}): Promise<number> =>
  ignoringSigint(async () => {
    const [program = "", ...args] = argv;
    return exitCode(
      program,
      await execa(program, args, { stdio: "inherit", reject: false, env: { ...environment(), ...env } }),
    );
  });

/** Runs a command without input, with a prefix before each line of its output, and returns its exit code. */
export const runPrefixed = (argv: readonly string[], prefix: string): Promise<number> =>
  ignoringSigint(async () => {
    const [program = "", ...args] = argv;
    const label = function* (line: unknown) {
      yield `${prefix}${String(line)}`;
    };
    const result = await execa(program, args, {
      stdin: "ignore",
      stdout: [label, "inherit"],
      stderr: [label, "inherit"],
      buffer: false,
      reject: false,
      env: environment(),
    });
    return exitCode(program, result);
  });

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

/** Ignores Ctrl-C, which the command handles: it may print something before it ends, and its exit code is needed. */
async function ignoringSigint<T>(work: () => Promise<T>): Promise<T> {
  const keepOn = () => undefined;
  process.on("SIGINT", keepOn);
  try {
    return await work();
  } finally {
    process.off("SIGINT", keepOn);
  }
}

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
