import { once, start } from "./child.ts";
import { hostBatch } from "./host-batch.ts";
import { argv, type Command, type Kernel, type Outcome } from "./kernel.ts";
import { type Line, lineOf } from "./line.ts";
import { pool } from "./pool.ts";
import { isSpeakable } from "./shell.ts";

/**
 * The door onto Linux. What `ip` is to do on the lab host goes to a process that stays; what is to be done in a namespace
 * goes to one that starts small and ends at once, so that none outlives the namespace or takes another for it.
 *
 * @param enter Words put before each command, for a lab host that is reached through another program (`nsenter …`).
 */
export function linux(enter: readonly string[] = []): Kernel {
  const within = (argv: readonly string[]) => start([...enter, ...argv]);
  const [onHost, elsewhere] = [hostBatch(within), pool(within)];

  async function run(command: Command): Promise<Outcome> {
    const line = lineOf(command);
    if (line !== undefined) return line.namespace === undefined ? onHost(line) : inNamespace(line);
    const words = argv(command);
    return isSpeakable(words, command.stdin)
      ? elsewhere.run(words, command.stdin)
      : once([...enter, ...words], command.stdin);
  }

  async function inNamespace(line: Line): Promise<Outcome> {
    if (line.shows) return elsewhere.look(line);
    const [outcome] = await elsewhere.change([line]);
    return outcome ?? { code: 0, stdout: "", stderr: "" };
  }

  return {
    run,
    async series(commands) {
      const lines = commands.flatMap((command) => lineOf(command) ?? []);
      const [first, ...rest] = lines;
      const together =
        first?.namespace !== undefined &&
        lines.length === commands.length &&
        lines.every((line) => isBeside(first, line));
      if (together) return elsewhere.change([first, ...rest]);
      const outcomes: Outcome[] = [];
      for (const command of commands) {
        const outcome = await run(command);
        outcomes.push(outcome);
        if (outcome.code !== 0) break;
      }
      return outcomes;
    },
  };
}

/** Whether two lines are changes that one process can do. */
const isBeside = (left: Line, right: Line): boolean =>
  left.namespace === right.namespace && left.family === right.family && !left.shows && !right.shows;
