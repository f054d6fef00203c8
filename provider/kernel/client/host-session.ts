import type { Outcome } from "../kernel.ts";
import { batchOptions, type Line } from "./batch-line.ts";
import type { Child } from "./child.ts";
import { type Batch, batch } from "./ip-session.ts";

/**
 * Does lines on the lab host itself, in a process for each family that stays for a while.
 *
 * @param start Starts a program of the lab host.
 */
export function hostBatch(start: (argv: readonly string[]) => Child): (line: Line) => Promise<Outcome> {
  const open = new Map<string, Batch>();
  let ending: NodeJS.Timeout | undefined;

  function batchFor(family: string): Batch {
    const known = open.get(family);
    if (known !== undefined && !known.closed) return known;
    const made = batch(start(["ip", "-force", ...batchOptions(family)]));
    open.set(family, made);
    return made;
  }

  async function run(line: Line): Promise<Outcome> {
    const one = batchFor(line.family);
    const fresh = one.fresh;
    const outcome = await one.run(line);
    if (fresh || outcome.signal !== undefined || isCertain(line, outcome)) return outcome;
    // It may know a link by a number that the link had before it was made again. A new process asks the kernel.
    void one.close();
    return batchFor(line.family).run(line);
  }

  return async (line) => {
    const outcome = await run(line);
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
function isCertain({ args, shows }: Line, { code, stdout, stderr }: Outcome): boolean {
  if (code !== 0) return /does not exist|Cannot find device|File exists|Operation not permitted/.test(stderr);
  const name = args[args.indexOf("dev") + 1];
  return !shows || !args.includes("dev") || name === undefined || stdout.includes(`"ifname":"${name}"`);
}
