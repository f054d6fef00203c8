import { KernelError, type Reason, stripMountWarnings } from "./errors.ts";
import { type Command, displayCommand } from "./kernel/command.ts";
import type { CommandResult, KernelClient } from "./kernel/kernel.ts";

/** One command of a plan, with the command that undoes it. */
export interface Step {
  readonly run: Command;
  /** Undoes {@link run} when a later step fails; absent if there is nothing to undo. */
  readonly undo?: Command;
  /** Runs when all steps have been undone, if this step had succeeded: the reload of files that have their former content again. */
  readonly afterUndo?: Command;
  /** Failures that count as success: a delete tolerates `absent`. */
  readonly tolerate?: readonly Reason[];
  /** Removes the cause of a failure; {@link run} is then retried once, if the cause may be removed. */
  readonly recover?: Recovery;
  /** Handles the result of {@link run}, for commands whose output is kept. */
  readonly onResult?: (outcome: CommandResult) => void;
}

/** A command that removes the cause of a failure. */
interface Recovery {
  readonly from: Reason;
  /** The command, which may depend on results from before the failure. */
  readonly run: Command | (() => Command);
  /** Whether the error of this command, and not that of the step, says why both fail. */
  readonly tellsWhy?: true;
  /** Handles the result of the command. Returns false if nothing was removed, so that a retry would fail again. */
  readonly onResult?: (outcome: CommandResult) => boolean;
}

/** A list of commands as a value: it can be printed, compared and run. */
export type Plan = readonly Step[];

/** Returns a plan as the shell commands that a user would type. */
export const showPlan = (plan: Plan): string => plan.map((step) => displayCommand(step.run)).join("\n");

/**
 * Runs a plan. If a step fails, the steps before it are undone in reverse order (and the step itself, if it may have taken
 * effect), and the error is thrown. A step whose failure was tolerated, since its object already existed, is not undone. If the
 * connection to the lab host is lost, no step is undone: the lab host cannot be asked which of them it has run, as after a crash.
 */
export async function applyPlan(kernel: KernelClient, plan: Plan): Promise<void> {
  const applied: Step[] = [];
  let [first, ...others] = plan;
  while (first !== undefined) {
    const size = kernel.batchSize([first.run, ...others.map((step) => step.run)]);
    const group = [first, ...others.slice(0, size - 1)] as const;
    const results = await kernel.runBatch([first.run, ...group.slice(1).map((step) => step.run)]);
    for (const [index, result] of results.entries()) {
      const step = group[index];
      if (step === undefined) continue;
      const error = await recoverFrom(kernel, step, stepError(step.run, result));
      if (error === undefined) {
        step.onResult?.(result);
        applied.push(step);
      } else if (!step.tolerate?.includes(error.reason)) {
        if (error.reason !== "lost")
          await rollback(kernel, error.interrupted ? [...applied, ...group.slice(index)] : applied);
        throw error;
      }
    }
    [first, ...others] = [first, ...others].slice(results.length);
  }
}

/** Removes the cause of a step's error and retries; returns the error that remains, if any. */
async function recoverFrom(kernel: KernelClient, { run, recover }: Step, error: KernelError | undefined) {
  // An interrupted command is not a failure that the kernel reported.
  if (error === undefined || error.interrupted || error.reason !== recover?.from) return error;
  const remove = typeof recover.run === "function" ? recover.run() : recover.run;
  const result = await kernel.run(remove);
  if (recover.onResult?.(result) === false) return error;
  const again = await attempt(kernel, run);
  return again?.reason === error.reason && recover.tellsWhy ? (stepError(remove, result) ?? again) : again;
}

async function rollback(kernel: KernelClient, applied: readonly Step[]): Promise<void> {
  const undone = applied.toReversed().flatMap(({ undo }) => undo ?? []);
  for (const command of [...undone, ...applied.flatMap(({ afterUndo }) => afterUndo ?? [])])
    await attempt(kernel, command);
}

const attempt = async (kernel: KernelClient, command: Command): Promise<KernelError | undefined> =>
  stepError(command, await kernel.run(command));

// `sysctl -w` prints "Invalid argument" for some keys and still exits with 0.
function stepError(command: Command, outcome: CommandResult): KernelError | undefined {
  const succeeded = outcome.code === 0 && (command.tool !== "sysctl" || stripMountWarnings(outcome.stderr) === "");
  return succeeded ? undefined : new KernelError(command, outcome);
}
