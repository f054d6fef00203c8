import { argv, type Command, type IpCommand, inputOf, isBatchable, processShare } from "../command.ts";
import type { CommandResult, KernelClient } from "../kernel.ts";
import { EMPTY_OK } from "./batch-line.ts";
import { runOnce, startChild } from "./child.ts";
import { hostSession } from "./host-session.ts";
import { shellPool } from "./shell-pool.ts";

/**
 * Creates the client of the Linux kernel. Commands of `ip` on the lab host go to a long-running process; commands in a namespace
 * go to a short-lived small process, so that no process outlives the namespace or mistakes a new namespace for it.
 *
 * @param enter Words put before each command, for a lab host that is reached through another program (`nsenter …`).
 * @param root The path of the lab host's files; absent if they cannot be reached.
 */
export function linux(enter: readonly string[] = [], root = enter.length === 0 ? "" : undefined): KernelClient {
  const startProgram = (argv: readonly string[]) => startChild([...enter, ...argv]);
  const [runOnHost, shells] = [hostSession(startProgram), shellPool(startProgram, root)];

  async function run(command: Command): Promise<CommandResult> {
    if (isBatchable(command)) return command.namespace === undefined ? runOnHost(command) : runInNamespace(command);
    const words = argv(command);
    const stdin = inputOf(command);
    return "waits" in command ? runOnce([...enter, ...words], stdin) : shells.run(words, stdin);
  }

  async function runInNamespace(command: IpCommand): Promise<CommandResult> {
    if (command.query) return shells.query(command);
    const [result] = await shells.apply([command]);
    return result ?? EMPTY_OK;
  }

  return {
    run,
    async runBatch([first, ...others]) {
      const size = processShare([first, ...others]);
      if (size === 1 || !isBatchable(first)) return [await run(first)];
      return shells.apply([first, ...others.slice(0, size - 1).filter(isBatchable)]);
    },
    batchSize: processShare,
  };
}
