import { argv, type Command, type Kernel, type Outcome } from "../kernel.ts";
import { type Line, lineOf, SILENT } from "./batch-line.ts";
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
    const line = lineOf(command);
    if (line !== undefined) return line.namespace === undefined ? onHost(line) : inPlace(line);
    const words = argv(command);
    return isSpeakable(words, command.stdin)
      ? elsewhere.run(words, command.stdin)
      : once([...enter, ...words], command.stdin);
  }

  async function inPlace(line: Line): Promise<Outcome> {
    if (line.shows) return elsewhere.look(line);
    const [outcome] = await elsewhere.change([line]);
    return outcome ?? SILENT;
  }

  return {
    run,
    async series([command, ...others]) {
      if (command === undefined) return [];
      const first = lineOf(command);
      if (first?.namespace === undefined || first.shows) return [await run(command)];
      const lines = others.map(lineOf);
      const end = lines.findIndex((line) => line === undefined || !isBeside(first, line));
      const beside = lines.slice(0, end === -1 ? lines.length : end).flatMap((line) => line ?? []);
      return elsewhere.change([first, ...beside]);
    },
  };
}

/** Whether a line is a change that the process of another can do as well. */
const isBeside = (first: Line, line: Line): boolean =>
  line.namespace === first.namespace && line.family === first.family && !line.shows;
