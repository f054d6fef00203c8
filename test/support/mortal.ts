import type { CommandResult, KernelClient } from "../../provider/kernel/kernel.ts";

/** The error that represents the death of a provider process. */
export class Crash extends Error {}

/** The client of a process that may die. */
export interface MortalClient extends KernelClient {
  /** Returns the number of changing commands that the process has executed. */
  executed(): number;
}

/**
 * Returns the client of a process that dies after a number of changing commands: no further call is answered, and nothing is
 * rolled back.
 */
export function crashAfter(kernel: KernelClient, commandsToLive: number): MortalClient {
  let [remaining, executed] = [commandsToLive, 0];
  async function spend<T>(work: Promise<T>, commands: (outcome: T) => number): Promise<T> {
    if (remaining <= 0) throw new Crash();
    const outcome = await work;
    remaining -= commands(outcome);
    executed += commands(outcome);
    if (remaining <= 0) throw new Crash();
    return outcome;
  }
  return {
    executed: () => executed,
    run: (command) => (remaining <= 0 ? dead() : spend(kernel.run(command), () => (command.query ? 0 : 1))),
    // The process that runs the batch is killed in the middle of it.
    runBatch: ([first, ...others]) =>
      remaining <= 0
        ? dead()
        : spend(kernel.runBatch([first, ...others.slice(0, remaining - 1)]), (outcomes) => outcomes.length),
    batchSize: kernel.batchSize,
  };
}

const dead = (): Promise<never> => Promise.reject(new Crash());

/**
 * Returns a client on which the process of one command is killed after the command has run; `number` counts the changing commands.
 * The remaining commands of that process are not executed.
 */
export function killAt(kernel: KernelClient, number: number): KernelClient {
  let remaining = number;
  return {
    async run(command) {
      if (command.query) return kernel.run(command);
      remaining -= 1;
      const isLost = remaining === 0;
      const outcome = await kernel.run(command);
      return isLost ? KILLED : outcome;
    },
    async runBatch([first, ...others]) {
      const before = remaining;
      if (before <= 0) return kernel.runBatch([first, ...others]);
      const outcomes = await kernel.runBatch([first, ...others.slice(0, before - 1)]);
      remaining -= outcomes.length;
      return remaining === 0 ? [first, ...others].map(() => KILLED) : outcomes;
    },
    batchSize: kernel.batchSize,
  };
}

const KILLED: CommandResult = { code: 1, stdout: "", stderr: "", signal: "SIGKILL" };
