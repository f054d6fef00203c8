import { Crash } from "../mortal.ts";
import type { Order } from "./order.ts";
import type { State } from "./state.ts";
import { ProtectedError, type Step, subjectOf } from "./steps.ts";

/** Executes steps: those of a chain in sequence, several chains at once. */
export interface Executor {
  /** The error that stops the run, or that a protected resource was not deleted; undefined if there is none. */
  readonly failure: Error | undefined;
  /** The protected resources that were not deleted. The run continues, to report all of them. */
  readonly protectedOnes: readonly State[];
  /** Resolves when the run stops. */
  readonly stopped: Promise<void>;
  /** Executes a chain in its turn; resolves when all of it is done, or the run stops. */
  run(chain: readonly Step[], whenDone?: () => void): Promise<void>;
  /** Resolves when no chain is running. */
  idle(): Promise<void>;
  /** Lets running steps finish, and starts no more. */
  stop(error: Error): void;
}

/** @param record Called for each finished step. A process that has died reports none. */
export function executorOf(order: Order, record: (step: Step) => void): Executor {
  const waiting: (() => Promise<void>)[] = [];
  const under = new Set<Promise<void>>();
  const protectedOnes: State[] = [];
  let busy = 0;
  let failure: Error | undefined;
  let dead = false;
  let stopNow: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stopNow = resolve;
  });

  function fail(error: Error): void {
    failure ??= error;
    dead ||= error instanceof Crash;
    if (!(error instanceof ProtectedError)) stopNow();
  }

  /**
   * The chains that delete resources before they are replaced. One that is deleted with a dependency is created by a chain of its own,
   * which waits here. Pulumi's engine does not wait: if the create ends first, its state lists the resource twice and is invalid, whatever
   * the provider does.
   */
  const leaving = new Map<State, Promise<void>>();

  const isStopped = (): boolean => failure !== undefined && !(failure instanceof ProtectedError);

  async function execute(chain: readonly Step[]): Promise<boolean> {
    for (const step of chain) {
      await order.yield();
      if (isStopped()) return false;
      try {
        await step.apply();
      } catch (error) {
        if (error instanceof ProtectedError) protectedOnes.push(subjectOf(step));
        fail(error instanceof Error ? named(error, step) : new Error(String(error)));
        return false;
      }
      if (dead) return false;
      record(step);
    }
    await order.yield();
    return true;
  }

  const executed = (chain: readonly Step[], whenDone?: () => void): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(async () => {
        if (await execute(chain)) whenDone?.();
        resolve();
      });
      next();
    });

  function next(): void {
    while (busy < order.width && waiting.length > 0) {
      busy += 1;
      const work = order
        .take(waiting)()
        .finally(() => {
          busy -= 1;
          under.delete(work);
          next();
        });
      under.add(work);
    }
  }

  return {
    get failure() {
      return failure;
    },
    stopped,
    protectedOnes,
    async run(chain, whenDone) {
      const others = chain.flatMap(({ old }) => (old && leaving.get(old)) ?? []);
      const done = Promise.all(others).then(() => executed(chain, whenDone));
      for (const { op, old } of chain) if (op === "delete-replaced" && old !== undefined) leaving.set(old, done);
      await done;
    },
    async idle() {
      while (under.size > 0) await Promise.all(under);
    },
    stop: fail,
  };
}

/** Adds the step and the resource to the beginning of an error's message. */
function named(error: Error, step: Step): Error {
  if (error instanceof Crash || error instanceof ProtectedError) return error;
  error.message = `${step.op} ${subjectOf(step).urn}: ${error.message}`;
  return error;
}
