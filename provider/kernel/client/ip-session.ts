import type { IpCommand } from "../command.ts";
import type { CommandResult } from "../kernel.ts";
import { BATCH_ERROR_CODE, batchErrorLine, batchLine } from "./batch-line.ts";
import { bufferOutput, type Child } from "./child.ts";

/** A long-running `ip` that runs command after command, at a thirtieth of the cost of a process per command. */
export interface IpSession {
  /** Runs one command. Commands may be queued; they run in the order of the calls. */
  run(command: IpCommand): Promise<CommandResult>;
  /** Closes the session after the queued commands, and waits for its end. */
  close(): Promise<void>;
  /** Whether the session has not run any command yet. */
  readonly unused: boolean;
  /** Whether the session accepts no more commands. */
  readonly closed: boolean;
}

export function ipSession(child: Child): IpSession {
  const pending: PendingCommand[] = [];
  let [lines, closed] = [0, false];
  const buffer = bufferOutput(child, drain, (last) => {
    closed = true;
    for (const { resolve } of pending.splice(0)) resolve(last);
  });

  /** Parses the buffered output, as far as it is complete. */
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
      // A query that failed midway may have printed part of its output, which would mix with that of the next one.
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
  /** The number of the command's line. */
  readonly line: number;
  /** Whether the command prints a line when it succeeds. */
  readonly isQuery: boolean;
  readonly resolve: (outcome: CommandResult) => void;
}

/** A sentinel: an invalid command whose error marks the end of the previous command's output. */
const SENTINEL = "done";

const sentinelAt = (line: number): string => `Object "${SENTINEL}" is unknown, try "ip help".\n${batchErrorLine(line)}`;
