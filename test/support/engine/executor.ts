import { Crash } from "../mortal.ts";
import type { Order } from "./order.ts";
import type { State } from "./state.ts";
import { ProtectedError, type Step, subjectOf } from "./steps.ts";

/** Does steps: those of a chain one after the other, and several chains at once. */
export interface Executor {
  /** Why the run stops, or what it has come past that is protected; undefined when there is nothing of the kind. */
  readonly failure: Error | undefined;
  /** The protected resources that are not deleted. The run goes on, to tell of all of them. */
  readonly protectedOnes: readonly State[];
  /** Resolves when the run stops. */
  readonly stopped: Promise<void>;
  /** Does a chain when its turn comes; resolves when all of it is done, or the run stops. */
  run(chain: readonly Step[], whenDone?: () => void): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Lets what is under way come to its end, and begins nothing any more. */
  stop(error: Error): void;
}

/** @param record Is told of each step that has been done. A process that has died tells of none. */
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
    run: (chain, whenDone) =>
      new Promise((resolve) => {
        waiting.push(async () => {
          if (await execute(chain)) whenDone?.();
          resolve();
        });
        next();
      }),
    async idle() {
      while (under.size > 0) await Promise.all(under);
    },
    stop: fail,
  };
}

/** The error, with what it is about put before it. */
function named(error: Error, step: Step): Error {
  if (error instanceof Crash || error instanceof ProtectedError) return error;
  error.message = `${step.op} ${subjectOf(step).urn}: ${error.message}`;
  return error;
}
