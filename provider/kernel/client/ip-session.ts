import type { IpCommand } from "../command.ts";
import type { CommandResult } from "../kernel.ts";
import { BATCH_ERROR_CODE, batchErrorLine, batchLine } from "./batch-line.ts";
import { bufferOutput, type Child } from "./child.ts";

/** An `ip` that stays, and does command after command: a thirtieth of what a process for each costs. */
export interface IpSession {
  /** Does one command. Many may wait at once; they are done in the order of the calls. */
  run(command: IpCommand): Promise<CommandResult>;
  /** Lets it end when it has done what it has been given, and waits for that. */
  close(): Promise<void>;
  /** Whether it has never been asked for anything. */
  readonly unused: boolean;
  /** Whether it takes commands no more. */
  readonly closed: boolean;
}

export function ipSession(child: Child): IpSession {
  const pending: PendingCommand[] = [];
  let [lines, closed] = [0, false];
  const buffer = bufferOutput(child, drain, (last) => {
    closed = true;
    for (const { resolve } of pending.splice(0)) resolve(last);
  });

  /** Takes apart what has been said, as far as it is complete. */
  function drain(): void {
    for (let first = pending[0]; first !== undefined; first = pending[0]) {
      const { stdout, stderr } = buffer;
      const sentinel = sentinelAt(first.line + 1);
      const end = stderr.indexOf(sentinel);
      if (end === -1) return;
      const message = stderr.slice(0, end);
      const failed = message.endsWith(batchErrorLine(first.line));
      const outputLength = failed || !first.isQuery ? 0 : stdout.indexOf("\n") + 1;
      if (!failed && first.isQuery && outputLength === 0) return;
      pending.shift();
      buffer.stderr = stderr.slice(end + sentinel.length);
      buffer.stdout = stdout.slice(outputLength);
      // A list that broke off may have begun to print itself, in the way of the next one.
      closed ||= failed && first.isQuery && !message.includes("does not exist");
      const reason = failed ? message.slice(0, -batchErrorLine(first.line).length) : message;
      first.resolve({ code: failed ? BATCH_ERROR_CODE : 0, stdout: stdout.slice(0, outputLength), stderr: reason });
    }
  }

  return {
    run: (command) =>
      new Promise((resolve) => {
        pending.push({ line: lines + 1, isQuery: command.query === true, resolve });
        lines += 2;
        child.stdin.write(`${batchLine(command)}${SENTINEL}\n`);
      }),
    async close() {
      closed = true;
      child.stdin.end();
      await child.exited;
    },
    get unused() {
      return lines === 0;
    },
    get closed() {
      return closed;
    },
  };
}

interface PendingCommand {
  /** The number of its line. */
  readonly line: number;
  /** Whether it prints a line when it succeeds. */
  readonly isQuery: boolean;
  readonly resolve: (outcome: CommandResult) => void;
}

/** A line that `ip` does not understand, and says so: by that it is known to have done what came before. */
const SENTINEL = "done";

const sentinelAt = (line: number): string => `Object "${SENTINEL}" is unknown, try "ip help".\n${batchErrorLine(line)}`;
