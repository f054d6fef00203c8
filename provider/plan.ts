import { KernelError, type Reason } from "./errors.ts";
import { type Command, type Kernel, show } from "./kernel/kernel.ts";

/** One command of a plan, with what takes it back. */
export interface Step {
  readonly run: Command;
  /** Undoes {@link run} when a later step fails; left out where there is nothing to take back. */
  readonly undo?: Command;
  /** Answers that are as good as success: a delete tolerates `absent`. */
  readonly tolerate?: readonly Reason[];
}

/** What is to be done, as a value: it can be printed, compared and run. */
export type Plan = readonly Step[];

/** A plan as the shell session that a person would type. */
export const showPlan = (plan: Plan): string => plan.map((step) => show(step.run)).join("\n");

/**
 * Carries out a plan. When a step fails, those before it are undone in reverse, with it if it may have done its work, and
 * the failure is thrown.
 */
export async function carryOut(kernel: Kernel, plan: Plan): Promise<void> {
  const done: Step[] = [];
  for (const step of plan) {
    const error = await attempt(kernel, step.run);
    if (error !== undefined && !step.tolerate?.includes(error.reason)) {
      await undo(kernel, error.interrupted ? [...done, step] : done);
      throw error;
    }
    done.push(step);
  }
}

async function undo(kernel: Kernel, done: readonly Step[]): Promise<void> {
  for (const step of done.toReversed()) {
    if (step.undo !== undefined) await attempt(kernel, step.undo);
  }
}

async function attempt(kernel: Kernel, command: Command): Promise<KernelError | undefined> {
  const outcome = await kernel.run(command);
  return succeeded(command, outcome.code, outcome.stderr) ? undefined : new KernelError(command, outcome);
}

// `sysctl -w` says "Invalid argument" for some keys and still exits with 0.
const succeeded = ({ tool }: Command, code: number, stderr: string): boolean =>
  code === 0 && (tool !== "sysctl" || stderr === "");
