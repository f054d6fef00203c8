import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { Outcome } from "../kernel.ts";
import { toolEnvironment } from "./environment.ts";

/** A process of the lab host that stays and is talked to. */
export interface Child {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** How it ended, when all that it had said has been read. */
  readonly end: Promise<{ readonly code: number; readonly signal?: string }>;
}

/** Starts a program that stays. */
export function start([program = "", ...args]: readonly string[]): Child {
  const child = spawn(program, args, { env: { ...process.env, ...toolEnvironment() }, stdio: "pipe" });
  const end = new Promise<Awaited<Child["end"]>>((resolve) => {
    child.on("error", ({ message }) => {
      child.stderr.push(message);
      resolve({ code: NOT_RUN });
    });
    child.on("close", (code, signal) => resolve({ code: code ?? NOT_RUN, ...(signal !== null && { signal }) }));
  });
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, end };
}

/** What a child has said and nobody has taken apart yet. */
export type Heard = Record<"stdout" | "stderr", string>;

/**
 * Listens to a child.
 *
 * @param more Is called when it has said more.
 * @param over Is given its end, as the answer to all that it has not answered.
 */
export function listen(child: Child, more: () => void, over: (last: Outcome) => void): Heard {
  const heard: Heard = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      heard[stream] += text;
      more();
    });
  // It may end before it has been told all; what follows from that is said by its end.
  child.stdin.on("error", () => undefined);
  void child.end.then((end) => over({ ...end, stdout: "", stderr: heard.stderr }));
  return heard;
}

/** Runs a program to its end. */
export async function once([program = "", ...args]: readonly string[], input: string | undefined): Promise<Outcome> {
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
    code: result.exitCode ?? NOT_RUN,
    stdout: result.stdout,
    stderr: result.exitCode === undefined ? `${result.stderr}${result.shortMessage ?? ""}` : result.stderr,
    ...(result.signal !== undefined && { signal: result.signal }),
  };
}

/** The exit code that a shell gives for a command that it could not start. */
const NOT_RUN = 127;
