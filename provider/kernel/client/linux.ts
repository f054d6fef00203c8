import { argv, type Command, canShareProcess, type IpCommand, inputOf, isBatchable } from "../command.ts";
import type { Kernel, Outcome } from "../kernel.ts";
import { SILENT } from "./batch-line.ts";
import { once, start } from "./child.ts";
import { hostBatch } from "./host-session.ts";
import { isSpeakable } from "./shell.ts";
import { pool } from "./shell-pool.ts";

/**
 * The door onto Linux. What `ip` is to do on the lab host goes to a process that stays; what is to be done in a namespace
 * goes to one that starts small and ends at once, so that none outlives the namespace or takes another for it.
 *
 * @param enter Words put before each command, for a lab host that is reached through another program (`nsenter …`).
 * @param root Where the lab host's files are; left out where they cannot be reached.
 */
export function linux(enter: readonly string[] = [], root = enter.length === 0 ? "" : undefined): Kernel {
  const within = (argv: readonly string[]) => start([...enter, ...argv]);
  const [onHost, elsewhere] = [hostBatch(within), pool(within, root)];

  async function run(command: Command): Promise<Outcome> {
    if (isBatchable(command)) return command.namespace === undefined ? onHost(command) : inPlace(command);
    const words = argv(command);
    const stdin = inputOf(command);
    return isSpeakable(words, stdin) ? elsewhere.run(words, stdin) : once([...enter, ...words], stdin);
  }

  async function inPlace(command: IpCommand): Promise<Outcome> {
    if (command.query) return elsewhere.look(command);
    const [outcome] = await elsewhere.change([command]);
    return outcome ?? SILENT;
  }

  return {
    run,
    async runBatch([first, ...others]) {
      if (!isBatchable(first) || !canShareProcess(first, first)) return [await run(first)];
      const end = others.findIndex((other) => !canShareProcess(first, other));
      const beside = others.slice(0, end === -1 ? others.length : end).filter(isBatchable);
      return elsewhere.change([first, ...beside]);
    },
  };
}
