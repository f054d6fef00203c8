import type { Command } from "./command.ts";

/** What a command answered, whether or not it did its work. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The signal that ended the command: it may have done its work, or not. */
  readonly signal?: string;
}

/** The one client of the kernel. It never rejects because a command failed: that is an {@link Outcome} like any other. */
export interface Kernel {
  run(command: Command): Promise<Outcome>;
  /**
   * Runs the first of some commands, and those after it that can share its process, until one fails: an outcome for each that was
   * tried.
   */
  runBatch(commands: readonly [Command, ...Command[]]): Promise<readonly Outcome[]>;
}

/** A client that runs each command by itself. */
export const oneByOne = (run: Kernel["run"]): Kernel => ({ run, runBatch: async ([first]) => [await run(first)] });
