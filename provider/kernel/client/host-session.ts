import { batchFamily, type IpCommand } from "../command.ts";
import type { Outcome } from "../kernel.ts";
import { batchOptions } from "./batch-line.ts";
import type { Child } from "./child.ts";
import { type Batch, batch } from "./ip-session.ts";

/**
 * Does lines on the lab host itself, in a process for each family that stays for a while.
 *
 * @param start Starts a program of the lab host.
 */
export function hostBatch(start: (argv: readonly string[]) => Child): (command: IpCommand) => Promise<Outcome> {
  const open = new Map<string | undefined, Batch>();
  let ending: NodeJS.Timeout | undefined;

  function batchFor(family: ReturnType<typeof batchFamily>): Batch {
    const known = open.get(family);
    if (known !== undefined && !known.closed) return known;
    const made = batch(start(["ip", "-force", ...batchOptions(family)]));
    open.set(family, made);
    return made;
  }

  async function run(command: IpCommand): Promise<Outcome> {
    const one = batchFor(batchFamily(command));
    const fresh = one.fresh;
    const outcome = await one.run(command);
    if (fresh || outcome.signal !== undefined || isCertain(command, outcome)) return outcome;
    // It may know a link by a number that the link had before it was made again. A new process asks the kernel.
    void one.close();
    return batchFor(batchFamily(command)).run(command);
  }

  return async (command) => {
    const outcome = await run(command);
    // A process that waits would keep this one from ending.
    clearTimeout(ending);
    ending = setTimeout(() => open.forEach((one) => void one.close()), IDLE);
    return outcome;
  };
}

/** Milliseconds after which a process that has nothing to do is ended. */
const IDLE = 100;

/**
 * Whether an answer holds, whatever the process had heard before: a link was looked for by its name and not found, or the
 * one that was found has that name.
 */
function isCertain({ subject, query }: IpCommand, { code, stdout, stderr }: Outcome): boolean {
  if (code !== 0) return /does not exist|Cannot find device|File exists|Operation not permitted/.test(stderr);
  return !query || subject === undefined || stdout.includes(`"ifname":"${subject}"`);
}
