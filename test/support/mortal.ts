import type { Kernel, Outcome } from "../../provider/kernel/kernel.ts";

/** The end of a provider process. */
export class Crash extends Error {}

/**
 * The client of a process that dies after so many commands that change something: no answer comes any more, and nothing is
 * rolled back.
 */
export function mortal(kernel: Kernel, commandsToLive: number): Kernel {
  let left = commandsToLive;
  async function spend<T>(work: Promise<T>, commands: (outcome: T) => number): Promise<T> {
    if (left <= 0) throw new Crash();
    const outcome = await work;
    left -= commands(outcome);
    if (left <= 0) throw new Crash();
    return outcome;
  }
  return {
    run: (command) => (left <= 0 ? dead() : spend(kernel.run(command), () => (command.query ? 0 : 1))),
    // The process that runs the batch is killed in the middle of it.
    runBatch: ([first, ...others]) =>
      left <= 0 ? dead() : spend(kernel.runBatch([first, ...others.slice(0, left - 1)]), (outcomes) => outcomes.length),
  };
}

const dead = (): Promise<never> => Promise.reject(new Crash());

/**
 * A client on which the process of one command is killed, once it has done its work: which command of those that change
 * something is given by its number. With the process end the commands that it had yet to do.
 */
export function losing(kernel: Kernel, number: number): Kernel {
  let left = number;
  return {
    async run(command) {
      if (command.query) return kernel.run(command);
      left -= 1;
      const isLost = left === 0;
      const outcome = await kernel.run(command);
      return isLost ? KILLED : outcome;
    },
    async runBatch([first, ...others]) {
      const before = left;
      if (before <= 0) return kernel.runBatch([first, ...others]);
      const outcomes = await kernel.runBatch([first, ...others.slice(0, before - 1)]);
      left -= outcomes.length;
      return left === 0 ? [first, ...others].map(() => KILLED) : outcomes;
    },
  };
}

const KILLED: Outcome = { code: 1, stdout: "", stderr: "", signal: "SIGKILL" };
