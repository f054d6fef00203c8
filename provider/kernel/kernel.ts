import type { Command } from "./command.ts";

/** What a command answered, whether or not it did its work. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The signal that ended the command: it may have done its work, or not. */
  readonly signal?: string;
}

/** The one client of the kernel. It never rejects because a command failed: that is an {@link CommandResult} like any other. */
export interface KernelClient {
  run(command: Command): Promise<CommandResult>;
  /**
   * Runs the first of some commands, and those after it that can share its process, until one fails: an outcome for each that was
   * tried.
   */
  runBatch(commands: readonly [Command, ...Command[]]): Promise<readonly CommandResult[]>;
}

/** A client that runs each command by itself. */
export const oneByOne = (run: KernelClient["run"]): KernelClient => ({
  run,
  runBatch: async ([first]) => [await run(first)],
});
