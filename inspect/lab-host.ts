import { execa } from "execa";
import { toolEnvironment } from "../provider/kernel/client/environment.ts";
import { linux } from "../provider/kernel/client/linux.ts";
import { inNamespace } from "../provider/kernel/command.ts";
import { type CommandResult, type KernelClient } from "../provider/kernel/kernel.ts";

/** The place in which a command runs: the name of a network namespace; undefined for the lab host's own network stack. */
export type Place = string | undefined;

/** Returns the name of a place in a sentence. */
export const placeName = (place: Place): string => place ?? "the lab host";

/** A lab host to inspect. */
export interface LabHost {
  /** The client of its kernel, for the queries and commands of this package. */
  readonly kernel: KernelClient;
  /** Runs any program in a place for up to a minute. A failure is returned like any other result. */
  run(place: Place, program: string, ...args: readonly string[]): Promise<CommandResult>;
  /** Starts a program in a place. It ends when it is stopped, or with this process. */
  start(place: Place, program: string, ...args: readonly string[]): RunningProgram;
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
  return {
    kernel: linux(enter),
    async run(place, program, ...args) {
      const [first = "", ...rest] = [...enter, ...inNamespace(place, program, args)];
      const { exitCode, stdout, stderr, shortMessage } = await execa(first, rest, {
        reject: false,
        stdin: "ignore",
        timeout: 60_000,
        env: toolEnvironment(),
      });
      return { code: exitCode ?? 127, stdout, stderr: exitCode === undefined ? (shortMessage ?? stderr) : stderr };
    },
    start(place, program, ...args) {
      const [first = "", ...rest] = [...enter, ...inNamespace(place, program, args)];
      const started = execa(first, rest, { reject: false, stdin: "ignore", stderr: "ignore", env: toolEnvironment() });
      const lines = started[Symbol.asyncIterator]();
      return {
        firstLine: lines.next().then(({ value }) => String(value ?? "")),
        async stop() {
          started.kill();
          await started;
        },
      };
    },
  };
}
