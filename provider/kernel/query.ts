import { classifyFailure, KernelError } from "../errors.ts";
import type { Command } from "./command.ts";
import type { KernelClient } from "./kernel.ts";

/** What a command prints. Undefined is its answer that there is no such thing; any other failure is thrown. */
export async function runQuery(kernel: KernelClient, command: Command): Promise<string | undefined> {
  const result = await kernel.run(command);
  if (result.code === 0) return result.stdout;
  if (classifyFailure(result) === "absent") return undefined;
  throw new KernelError(command, result);
}
