import type { Command } from "./command.ts";

/** The result of a command, whether it succeeded or failed. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The signal that ended the command, which may or may not have taken effect. */
  readonly signal?: string;
}

/** The only client of the kernel. It never rejects because a command failed: a failure is a {@link CommandResult}, too. */
export interface KernelClient {
  run(command: Command): Promise<CommandResult>;
  /**
   * Runs the first command, and those after it that can share its process, until one fails. Returns a result for each command
   * that was run.
   */
  runBatch(commands: readonly [Command, ...Command[]]): Promise<readonly CommandResult[]>;
}

/** Creates a client that runs each command separately. */
export const oneByOne = (run: KernelClient["run"]): KernelClient => ({
  run,
  runBatch: async ([first]) => [await run(first)],
});
