import { execa } from "execa";
import { toolEnvironment } from "../provider/kernel/client/environment.ts";
import { linux } from "../provider/kernel/client/linux.ts";
import { inNamespace } from "../provider/kernel/command.ts";
import type { CommandResult, KernelClient } from "../provider/kernel/kernel.ts";
import type { Place } from "./place.ts";

/** A lab host to inspect, or several whose places are told apart by their names. */
export interface LabHost {
  /** The places that are the network stacks of the lab hosts themselves. */
  readonly roots: readonly Place[];
  /** The client of its kernel, for the queries and commands of this package. */
  readonly kernel: KernelClient;
  /** Runs any program in a place for up to a minute. A failure is returned like any other result. */
  run(place: Place, program: string, ...args: readonly string[]): Promise<CommandResult>;
  /** Returns the command of this machine that runs a program in a place, on the terminal or the streams of this process. */
  command(place: Place, argv: readonly string[], options?: CommandOptions): LabHostCommand;
  /** Starts a program in a place. It ends when it is stopped, or with this process. */
  start(place: Place, program: string, ...args: readonly string[]): RunningProgram;
}

/** Options of a program that runs in a place. */
export interface CommandOptions {
  /** Whether it reads the input of this process. @default false */
  readonly reads?: boolean;
}

/** A command of this machine that runs a program in a place. */
export interface LabHostCommand {
  readonly argv: readonly string[];
  /** Whether the program is on another machine, where no signal of this one reaches it. It ends when its input ends. */
  readonly endsWithInput: boolean;
}

/** A program that runs in a place. */
export interface RunningProgram {
  /** The first line that the program prints; empty if it ends without one. */
  readonly firstLine: Promise<string>;
  /** Ends the program. */
  stop(): Promise<void>;
}

/**
 * Returns the lab host that commands of this process reach.
 *
 * @param enter Words to put before each command, for a lab host that is reached through another program (`nsenter …`).
 */
export function labHost(enter: readonly string[] = []): LabHost {
  const words = (place: Place, [program = "", ...args]: readonly string[]) => [
    ...enter,
    ...inNamespace(place, program, args),
  ];
  return {
    roots: [undefined],
    kernel: linux(enter),
    async run(place, ...argv) {
      const [first = "", ...rest] = words(place, argv);
      const { exitCode, stdout, stderr, shortMessage } = await execa(first, rest, {
        reject: false,
        stdin: "ignore",
        timeout: 60_000,
        env: toolEnvironment(),
      });
      return { code: exitCode ?? 127, stdout, stderr: exitCode === undefined ? (shortMessage ?? stderr) : stderr };
    },
    command: (place, argv) => ({
      argv: [...enter, ...(place === undefined ? [] : ["ip", "netns", "exec", place]), ...argv],
      endsWithInput: false,
    }),
    start: (place, ...argv) => startProgram(words(place, argv)),
  };
}

/** Starts a program of this machine. */
export function startProgram([first = "", ...rest]: readonly string[]): RunningProgram {
  const started = execa(first, rest, { reject: false, stdin: "pipe", stderr: "ignore", env: toolEnvironment() });
  const lines = started[Symbol.asyncIterator]();
  return {
    firstLine: lines.next().then(({ value }) => String(value ?? "")),
    async stop() {
      started.kill();
      await started;
    },
  };
}
