import { execa } from "execa";
import { toolEnvironment } from "../provider/kernel/client/environment.ts";
import { linux } from "../provider/kernel/client/linux.ts";
import { inNamespace } from "../provider/kernel/command.ts";
import { type CommandResult, type KernelClient } from "../provider/kernel/kernel.ts";

/** Where a command runs: a network namespace by its name; undefined for the lab host's own network stack. */
export type Place = string | undefined;

/** A place as a sentence names it. */
export const placeName = (place: Place): string => place ?? "the lab host";

/** A lab host to be looked at. */
export interface LabHost {
  /** The door to its kernel: for what it is asked and told by commands of this package's own. */
  readonly kernel: KernelClient;
  /** Runs any program in a place, for as long as a minute; a failure is an answer like any other. */
  run(place: Place, program: string, ...args: readonly string[]): Promise<CommandResult>;
}

/**
 * The lab host that commands of this process reach.
 *
 * @param enter Words put before each command, for a lab host that is reached through another program (`nsenter …`).
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
  };
}
