import { setTimeout as pause } from "node:timers/promises";
import { argv, type Command, inputOf } from "../command.ts";
import type { CommandResult, Commands, KernelClient } from "../kernel.ts";
import { EMPTY_OK } from "./batch-line.ts";
import type { Shell, ShellCommand } from "./shell.ts";

/** The way to a lab host that is another machine. */
export interface Transport {
  /** Opens a shell on the lab host. If that is impossible, all commands of the shell are lost. */
  openShell(): Promise<Shell>;
  /** Ends the connection. The next shell opens it again. */
  close(): void;
}

/** The client of the kernel of another machine, which also runs other programs than the kernel's own tools. */
export interface RemoteKernelClient extends KernelClient {
  /** Runs a program without input. It may take a while. */
  runProgram(argv: readonly string[]): Promise<CommandResult>;
  /** Ends the connection now, and not only after a while without commands. */
  close(): void;
}

/**
 * Creates the client of the kernel of another machine. It sends a whole plan as one message, and further messages without waiting for
 * the answers to the former ones: a round trip takes longer than most commands. A query whose answer is lost is sent again.
 */
export function remoteLinux(transport: Transport): RemoteKernelClient {
  const [shells, waiting] = [shellSet(transport), shellSet(transport)];
  let [calls, closeTimer]: [number, NodeJS.Timeout | undefined] = [0, undefined];

  const send = (commands: Commands): Promise<readonly CommandResult[]> =>
    sendTo(commands.some((command) => "waits" in command) ? waiting : shells, commands.map(shellCommand));

  async function sendTo(set: typeof shells, commands: readonly ShellCommand[]): Promise<readonly CommandResult[]> {
    calls += 1;
    clearTimeout(closeTimer);
    let isReached = false;
    try {
      const results = await set.run(commands);
      isReached = results.every(({ lost }) => lost === undefined);
      return results;
    } finally {
      calls -= 1;
      // An idle connection would keep this process from ending.
      if (calls === 0) closeTimer = setTimeout(disconnect, isReached ? IDLE_MS : LOST_MS);
    }
  }

  function disconnect(): void {
    for (const set of [shells, waiting]) set.close();
    transport.close();
  }

  async function run(command: Command): Promise<CommandResult> {
    for (let attempt = 1; ; attempt += 1) {
      const [result = EMPTY_OK] = await send([command]);
      if (result.lost !== "broken" || !command.query || attempt === QUERY_ATTEMPTS) return result;
      await pause(RETRY_MS);
    }
  }

  return {
    run,
    runBatch: send,
    batchSize,
    async runProgram(argv) {
      const [result = EMPTY_OK] = await sendTo(waiting, [{ argv, input: "" }]);
      return result;
    },
    close() {
      clearTimeout(closeTimer);
      disconnect();
    },
  };
}

/** Milliseconds after which an idle connection is closed. In a lab on several hosts, one waits while the engine works on the others. */
const IDLE_MS = 10_000;

/** Milliseconds without commands after which a lab host that was not reached is tried again. */
const LOST_MS = 2000;

const QUERY_ATTEMPTS = 5;
const RETRY_MS = 100;

/** A plan is one batch up to a `sysctl`, which may fail although its exit code is 0. */
function batchSize(commands: Commands): number {
  const last = commands.findIndex(({ tool }) => tool === "sysctl");
  return last === -1 ? commands.length : last + 1;
}

const shellCommand = (command: Command): ShellCommand => ({ argv: argv(command), input: inputOf(command) ?? "" });

/** Creates a few shells, each of which has a queue of messages. */
function shellSet({ openShell }: Transport) {
  const opened = new Map<Promise<Shell>, number>();

  /** Returns the shell with the fewest messages, or another one if all have some. */
  function nextShell(): Promise<Shell> {
    const [least] = [...opened].toSorted(([, one], [, other]) => one - other);
    return least === undefined || (least[1] > 0 && opened.size < SHELLS) ? openShell() : least[0];
  }

  return {
    async run(commands: readonly ShellCommand[]): Promise<readonly CommandResult[]> {
      const next = nextShell();
      opened.set(next, (opened.get(next) ?? 0) + 1);
      try {
        const shell = await next;
        const results = await shell.run(commands);
        if (shell.closed) opened.delete(next);
        return results;
      } catch (error) {
        opened.delete(next);
        throw error;
      } finally {
        const messages = opened.get(next);
        if (messages !== undefined) opened.set(next, messages - 1);
      }
    },
    close(): void {
      for (const next of opened.keys()) void next.then((shell) => shell.close());
      opened.clear();
    },
  };
}

/** The number of shells of each set. With the one of the connection itself they stay below ten, the usual limit of sshd (MaxSessions). */
const SHELLS = 4;
