import { batchFamily, type IpCommand } from "../command.ts";
import type { CommandResult } from "../kernel.ts";
import { batchOptions } from "./batch-line.ts";
import type { Child } from "./child.ts";
import { type IpSession, ipSession } from "./ip-session.ts";

/**
 * Creates a function that runs commands on the lab host itself, in one process per family that stays open while it is used.
 *
 * @param start Starts a program of the lab host.
 */
export function hostSession(start: (argv: readonly string[]) => Child): (command: IpCommand) => Promise<CommandResult> {
  const sessions = new Map<string | undefined, IpSession>();
  let closeTimer: NodeJS.Timeout | undefined;

  function sessionFor(family: ReturnType<typeof batchFamily>): IpSession {
    const existing = sessions.get(family);
    if (existing !== undefined && !existing.closed) return existing;
    const created = ipSession(start(["ip", "-force", ...batchOptions(family)]));
    sessions.set(family, created);
    return created;
  }

  async function run(command: IpCommand): Promise<CommandResult> {
    const session = sessionFor(batchFamily(command));
    const unused = session.unused;
    const result = await session.run(command);
    if (unused || result.signal !== undefined || isReliable(command, result)) return result;
    // The process may have cached an index that the link had before it was recreated. A new process queries the kernel.
    void session.close();
    return sessionFor(batchFamily(command)).run(command);
  }

  return async (command) => {
    const result = await run(command);
    // An idle child process would keep this process from ending.
    clearTimeout(closeTimer);
    closeTimer = setTimeout(() => sessions.forEach((session) => void session.close()), IDLE_MS);
    return result;
  };
}

/** Milliseconds after which an idle process is closed. */
const IDLE_MS = 100;

/**
 * Returns whether a result is reliable in spite of the process's cache: the link was not found by its name, or the link that was
 * found has that name.
 */
function isReliable({ subject, query }: IpCommand, { code, stdout, stderr }: CommandResult): boolean {
  if (code !== 0) return /does not exist|Cannot find device|File exists|Operation not permitted/.test(stderr);
  return !query || subject === undefined || stdout.includes(`"ifname":"${subject}"`);
}
