import type { Command } from "./command.ts";

/** The result of a command, whether it succeeded or failed. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The signal that ended the command, which may or may not have taken effect. */
  readonly signal?: string;
  /**
   * Set if the lab host did not answer: the connection to it broke, so that the command may or may not have taken effect, or the lab
   * host is unreachable, also after a while.
   */
  readonly lost?: "broken" | "unreachable";
}

/** The only client of the kernel. It never rejects because a command failed: a failure is a {@link CommandResult}, too. */
export interface KernelClient {
  run(command: Command): Promise<CommandResult>;
  /**
   * Runs the commands of one batch, which {@link batchSize} has measured, until one fails. Returns a result for each command that
   * was run.
   */
  runBatch(commands: Commands): Promise<readonly CommandResult[]>;
  /** Returns how many commands at the beginning of a list form one batch: at least one. */
  batchSize(commands: Commands): number;
}

/** A list of commands that is not empty. */
export type Commands = readonly [Command, ...Command[]];

/** Creates a client that runs each command separately. */
export const oneByOne = (run: KernelClient["run"]): KernelClient => ({
  run,
  runBatch: async ([first]) => [await run(first)],
  batchSize: () => 1,
});
