import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { CommandResult } from "../kernel.ts";
import { toolEnvironment } from "./environment.ts";

/** A process of the lab host that stays and is talked to. */
export interface Child {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** How it ended, when all that it had said has been read. */
  readonly exited: Promise<{ readonly code: number; readonly signal?: string }>;
}

/** Starts a program that stays. */
export function startChild([program = "", ...args]: readonly string[]): Child {
  const child = spawn(program, args, { env: { ...process.env, ...toolEnvironment() }, stdio: "pipe" });
  const exited = new Promise<Awaited<Child["exited"]>>((resolve) => {
    child.on("error", ({ message }) => {
      child.stderr.push(message);
      resolve({ code: NOT_STARTED });
    });
    child.on("close", (code, signal) => resolve({ code: code ?? NOT_STARTED, ...(signal !== null && { signal }) }));
  });
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exited };
}

/** What a child has said and nobody has taken apart yet. */
export type OutputBuffer = Record<"stdout" | "stderr", string>;

/**
 * Listens to a child.
 *
 * @param onData Is called when it has said more.
 * @param onExit Is given its end, as the answer to all that it has not answered.
 */
export function bufferOutput(child: Child, onData: () => void, onExit: (last: CommandResult) => void): OutputBuffer {
  const buffer: OutputBuffer = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      buffer[stream] += text;
      onData();
    });
  // It may end before it has been told all; what follows from that is said by its end.
  child.stdin.on("error", () => undefined);
  void child.exited.then((exit) => onExit({ ...exit, stdout: "", stderr: buffer.stderr }));
  return buffer;
}

/** Runs a program to its end. */
export async function runOnce(
  [program = "", ...args]: readonly string[],
  input: string | undefined,
): Promise<CommandResult> {
  // It takes longer to load than all else of the provider, and most runs never need it.
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

/** The exit code that a shell gives for a command that it could not start. */
const NOT_STARTED = 127;
