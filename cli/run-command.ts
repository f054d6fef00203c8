import { accessSync, constants as fsConstants } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { toolPath } from "../provider/kernel/client/environment.ts";
import { UserError } from "../provider/message.ts";

/** A command that is run for the person who waits for it. */
export interface InteractiveOptions {
  /** Variables to be set beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command on this process's own input and output, and gives its exit code. */
export const runInteractive = (argv: readonly string[], { env = {} }: InteractiveOptions = {}): Promise<number> =>
  ignoringSigint(async () => {
    const [program = "", ...args] = argv;
    return exitCode(
      program,
      await execa(program, args, { stdio: "inherit", reject: false, env: { ...environment(), ...env } }),
    );
  });

/** Runs a command without input, each line of its output with a text before it, and gives its exit code. */
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

/** Whether a command can be started by its name. */
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

/** Ctrl-C is for the command: it may have something to say before it ends, and its exit code is wanted. */
async function ignoringSigint<T>(work: () => Promise<T>): Promise<T> {
  const keepOn = () => undefined;
  process.on("SIGINT", keepOn);
  try {
    return await work();
  } finally {
    process.off("SIGINT", keepOn);
  }
}

/** The exit code as a shell would give it. */
function exitCode(program: string, { exitCode, signal, code, shortMessage = "" }: ExecaResult): number {
  if (exitCode !== undefined) return exitCode;
  if (signal !== undefined) return 128 + constants.signals[signal];
  throw new UserError(code === "ENOENT" ? `command ${program} not found` : shortMessage);
}

/** How a command ended, as execa tells of it. */
interface ExecaResult {
  readonly exitCode?: number | undefined;
  readonly signal?: keyof typeof constants.signals | undefined;
  readonly code?: string | undefined;
  readonly shortMessage?: string | undefined;
}
