import type { IpCommand } from "../command.ts";
import type { Outcome } from "../kernel.ts";
import { FAILED, failedAt, lineOf } from "./batch-line.ts";
import { type Child, listen } from "./child.ts";

/** An `ip` that stays, and does command after command: a thirtieth of what a process for each costs. */
export interface Batch {
  /** Does one command. Many may wait at once; they are done in the order of the calls. */
  run(command: IpCommand): Promise<Outcome>;
  /** Lets it end when it has done what it has been given, and waits for that. */
  close(): Promise<void>;
  /** Whether it has never been asked for anything. */
  readonly fresh: boolean;
  /** Whether it takes commands no more. */
  readonly closed: boolean;
}

export function batch(child: Child): Batch {
  const waiting: Waiting[] = [];
  let [lines, closed] = [0, false];
  const heard = listen(child, settle, (last) => {
    closed = true;
    for (const { resolve } of waiting.splice(0)) resolve(last);
  });

  /** Takes apart what has been said, as far as it is complete. */
  function settle(): void {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const { stdout, stderr } = heard;
      const mark = doneAt(first.line + 1);
      const end = stderr.indexOf(mark);
      if (end === -1) return;
      const said = stderr.slice(0, end);
      const failed = said.endsWith(failedAt(first.line));
      const shown = failed || !first.shows ? 0 : stdout.indexOf("\n") + 1;
      if (!failed && first.shows && shown === 0) return;
      waiting.shift();
      heard.stderr = stderr.slice(end + mark.length);
      heard.stdout = stdout.slice(shown);
      // A list that broke off may have begun to print itself, in the way of the next one.
      closed ||= failed && first.shows && !said.includes("does not exist");
      const words = failed ? said.slice(0, -failedAt(first.line).length) : said;
      first.resolve({ code: failed ? FAILED : 0, stdout: stdout.slice(0, shown), stderr: words });
    }
  }

  return {
    run: (command) =>
      new Promise((resolve) => {
        waiting.push({ line: lines + 1, shows: command.query === true, resolve });
        lines += 2;
        child.stdin.write(`${lineOf(command)}${DONE}\n`);
      }),
    async close() {
      closed = true;
      child.stdin.end();
      await child.end;
    },
    get fresh() {
      return lines === 0;
    },
    get closed() {
      return closed;
    },
  };
}

interface Waiting {
  /** The number of its line. */
  readonly line: number;
  /** Whether it prints a line when it succeeds. */
  readonly shows: boolean;
  readonly resolve: (outcome: Outcome) => void;
}

/** A line that `ip` does not understand, and says so: by that it is known to have done what came before. */
const DONE = "done";

const doneAt = (line: number): string => `Object "${DONE}" is unknown, try "ip help".\n${failedAt(line)}`;
