import { classify, KernelError } from "../errors.ts";
import type { Command } from "./command.ts";
import type { Kernel } from "./kernel.ts";

/** What a command prints. Undefined is its answer that there is no such thing; any other failure is thrown. */
export async function ask(kernel: Kernel, command: Command): Promise<string | undefined> {
  const outcome = await kernel.run(command);
  if (outcome.code === 0) return outcome.stdout;
  if (classify(outcome) === "absent") return undefined;
  throw new KernelError(command, outcome);
}
