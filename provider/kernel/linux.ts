import { spawn } from "node:child_process";
import { execa } from "execa";
import type { Child } from "./batch.ts";
import { batches } from "./batches.ts";
import { argv, type Command, type Kernel, type Outcome } from "./kernel.ts";

/**
 * The door onto Linux.
 *
 * @param enter Words put before each command, for a lab host that is reached through another program (`nsenter …`).
 * @param root Where the lab host's file system is seen from here, if it is.
 */
export function linux(
  enter: readonly string[] = [],
  root: string | undefined = enter.length === 0 ? "" : undefined,
): Kernel {
  const staying = batches((program, args) => start([...enter, program, ...args]), root);
  return { run: async (command) => (await staying.run(command)) ?? once([...enter, ...argv(command)], command) };
}

/** Runs a program for one command. */
async function once([program = "", ...args]: readonly string[], { stdin }: Command): Promise<Outcome> {
  const result = await execa(program, args, {
    ...(stdin === undefined ? { stdin: "ignore" } : { input: stdin }),
    env: environment(),
    preferLocal: false,
    reject: false,
    stripFinalNewline: false,
  });
  return {
    code: result.exitCode ?? NOT_RUN,
    stdout: result.stdout,
    stderr: result.exitCode === undefined ? `${result.stderr}${result.shortMessage ?? ""}` : result.stderr,
    ...(result.signal !== undefined && { signal: result.signal }),
  };
}

/** Starts a program that stays. */
function start([program = "", ...args]: readonly string[]): Child {
  const child = spawn(program, args, { env: { ...process.env, ...environment() }, stdio: "pipe" });
  const end = new Promise<Awaited<Child["end"]>>((resolve) => {
    child.on("error", ({ message }) => {
      child.stderr.push(message);
      resolve({ code: NOT_RUN });
    });
    // Not before all that it has said has been read.
    child.on("close", (code, signal) => resolve({ code: code ?? NOT_RUN, ...(signal !== null && { signal }) }));
  });
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, end };
}

/** The tools lie in sbin, which is not on every user's PATH; their messages are read, so they must be in English. */
const environment = () => ({ PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`, LC_ALL: "C" });

/** The exit code that a shell gives for a command that it could not start. */
const NOT_RUN = 127;
