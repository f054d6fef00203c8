import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { CommandResult } from "../kernel.ts";
import { toolEnvironment } from "./environment.ts";

/** A long-running process on the lab host with piped input and output. */
export interface Child {
  /** The id of the process; undefined if it could not be started. */
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves to the exit code or signal, once all output has been read. */
  readonly exited: Promise<{ readonly code: number; readonly signal?: string }>;
  kill(): void;
}

/** Starts a long-running program. */
export function startChild([program = "", ...args]: readonly string[]): Child {
  const child = spawn(program, args, { env: { ...process.env, ...toolEnvironment() }, stdio: "pipe" });
  const exited = new Promise<Awaited<Child["exited"]>>((resolve) => {
    child.on("error", ({ message }) => {
      child.stderr.push(message);
      resolve({ code: NOT_STARTED });
    });
    child.on("close", (code, signal) => resolve({ code: code ?? NOT_STARTED, ...(signal !== null && { signal }) }));
  });
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    kill: () => void child.kill(),
  };
}

/** The output of a child that has not been parsed yet. */
export type OutputBuffer = Record<"stdout" | "stderr", string>;

/**
 * Buffers the output of a child.
 *
 * @param onData Called when the child has printed more output.
 * @param onExit Called with the child's exit, as the result of all commands that are still pending.
 */
export function bufferOutput(child: Child, onData: () => void, onExit: (last: CommandResult) => void): OutputBuffer {
  const buffer: OutputBuffer = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      buffer[stream] += text;
      onData();
    });
  // The child may end before it has read all of its input; its exit reports that.
  child.stdin.on("error", () => undefined);
  void child.exited.then((exit) => onExit({ ...exit, stdout: "", stderr: buffer.stderr }));
  return buffer;
}

/** Runs a program to its end. */
export async function runOnce(
  [program = "", ...args]: readonly string[],
  input: string | undefined,
): Promise<CommandResult> {
  // This module takes longer to load than the rest of the provider, and most runs never need it.
  const { execa } = await import("execa");
  const result = await execa(program, args, {
    ...(input === undefined ? { stdin: "ignore" } : { input }),
    env: toolEnvironment(),
    preferLocal: false,
    reject: false,
    stripFinalNewline: false,
  });
  return {
    code: result.exitCode ?? NOT_STARTED,
    stdout: result.stdout,
    stderr: result.exitCode === undefined ? `${result.stderr}${result.shortMessage ?? ""}` : result.stderr,
    ...(result.signal !== undefined && { signal: result.signal }),
  };
}

/** The exit code of a shell for a command that it could not start. */
const NOT_STARTED = 127;
