import type { KernelClient } from "../provider/kernel/kernel.ts";
import { process } from "../provider/kinds/process.ts";
import type { ProcessArgs } from "../provider/kinds/process-args.ts";
import { applyPlan } from "../provider/plan.ts";
import { resolveByName } from "./resolve-name.ts";
import type { StackView } from "./stack.ts";
import { hostOf } from "./stack-hosts.ts";

/** A process of a stack. */
export interface StackProcess {
  readonly name: string;
  /** Its lab host; undefined for this machine. */
  readonly host: string | undefined;
  readonly args: ProcessArgs;
  /** The path of its log. */
  readonly log: string;
  readonly mark: string;
}

/** Returns the processes of a stack, in the order of its state. */
export const processesIn = ({ resources }: StackView): readonly StackProcess[] =>
  resources.flatMap((resource) => {
    const { type, name, outputs } = resource;
    if (type !== process.type) return [];
    const { __mark: mark, host: _, ...args } = outputs;
    return [{ name, host: hostOf(resource), args: args as ProcessArgs, log: String(args["log"]), mark: String(mark) }];
  });

/**
 * Returns the process that a user named by its resource.
 *
 * @throws Error that lists the nearest names if there is none.
 */
export const findProcess = (view: StackView, given: string): StackProcess =>
  resolveByName("process", given, new Map(processesIn(view).map((one) => [one.name, one])));

/** Stops a process and starts it again with the arguments in the state, whose secrets must be revealed. */
export async function restartProcess(
  kernel: KernelClient,
  { args, mark }: Pick<StackProcess, "args" | "mark">,
): Promise<void> {
  const seen = await process.observe(kernel, args, mark);
  const asIfChanged = seen && { ...seen, isCurrent: false };
  await applyPlan(kernel, process.plan({ seen: asIfChanged, was: args, desired: args, mark }));
}
