import { classifyFailure, KernelError } from "../errors.ts";
import type { Command } from "./command.ts";
import type { KernelClient } from "./kernel.ts";

/** Runs a query and returns its output; undefined if the object does not exist. Any other failure is thrown. */
export async function runQuery(kernel: KernelClient, command: Command): Promise<string | undefined> {
  const result = await kernel.run(command);
  if (result.code === 0) return result.stdout;
  if (classifyFailure(result) === "absent") return undefined;
  throw new KernelError(command, result);
}
