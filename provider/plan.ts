import { KernelError, type Reason, stripMountWarnings } from "./errors.ts";
import { type Command, canShareProcess, displayCommand } from "./kernel/command.ts";
import type { CommandResult, KernelClient } from "./kernel/kernel.ts";

/** One command of a plan, with what takes it back. */
export interface Step {
  readonly run: Command;
  /** Undoes {@link run} when a later step fails; left out where there is nothing to take back. */
  readonly undo?: Command;
  /** Answers that are as good as success: a delete tolerates `absent`. */
  readonly tolerate?: readonly Reason[];
  /** Removes the cause of a refusal; {@link run} is then tried once more. */
  readonly recover?: Recovery;
}

/** What removes the cause of a refusal. */
interface Recovery {
  readonly from: Reason;
  /** The command, which may depend on what has happened until the refusal. */
  readonly run: Command | (() => Command);
  /** Is called with the command's answer. */
  readonly onResult?: (outcome: CommandResult) => void;
}

/** What is to be done, as a value: it can be printed, compared and run. */
export type Plan = readonly Step[];

/** A plan as the shell session that a person would type. */
export const showPlan = (plan: Plan): string => plan.map((step) => displayCommand(step.run)).join("\n");

/**
 * Carries out a plan. When a step fails, those before it are undone in reverse, with it if it may have done its work, and
 * the failure is thrown. What was there already, and tolerated, is not ours to undo.
 */
export async function applyPlan(kernel: KernelClient, plan: Plan): Promise<void> {
  const applied: Step[] = [];
  let [first, ...others] = plan;
  while (first !== undefined) {
    const group = [first, ...others.slice(0, batchableSteps(first, others))] as const;
    const [command, ...commands] = [first.run, ...group.slice(1).map((step) => step.run)] as const;
    const results = await kernel.runBatch([command, ...commands]);
    for (const [index, result] of results.entries()) {
      const step = group[index];
      if (step === undefined) continue;
      const error = await recoverFrom(kernel, step, stepError(step.run, result));
      if (error === undefined) applied.push(step);
      else if (!step.tolerate?.includes(error.reason)) {
        await rollback(kernel, error.interrupted ? [...applied, ...group.slice(index)] : applied);
        throw error;
      }
    }
    [first, ...others] = [first, ...others].slice(results.length);
  }
}

/** The number of steps that can share the process of the step before them. */
function batchableSteps(first: Step, others: Plan): number {
  const end = others.findIndex(({ run }) => !canShareProcess(first.run, run));
  return end === -1 ? others.length : end;
}

/** The error of a step, if there still is one when its cause has been removed. */
async function recoverFrom(kernel: KernelClient, { run, recover }: Step, error: KernelError | undefined) {
  // A command that was interrupted has refused nothing.
  if (error === undefined || error.interrupted || error.reason !== recover?.from) return error;
  const result = await kernel.run(typeof recover.run === "function" ? recover.run() : recover.run);
  recover.onResult?.(result);
  return attempt(kernel, run);
}

async function rollback(kernel: KernelClient, applied: readonly Step[]): Promise<void> {
  for (const step of applied.toReversed()) {
    if (step.undo !== undefined) await attempt(kernel, step.undo);
  }
}

const attempt = async (kernel: KernelClient, command: Command): Promise<KernelError | undefined> =>
  stepError(command, await kernel.run(command));

// `sysctl -w` says "Invalid argument" for some keys and still exits with 0.
function stepError(command: Command, outcome: CommandResult): KernelError | undefined {
  const succeeded = outcome.code === 0 && (command.tool !== "sysctl" || stripMountWarnings(outcome.stderr) === "");
  return succeeded ? undefined : new KernelError(command, outcome);
}
