import { claimed } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import { clearAway } from "../kernel/tools/files.ts";
import { type Found, findProcesses, startProcess, stopOthers, stopProcesses } from "../kernel/tools/process.ts";
import { type Kind, type Observed, place, type Run } from "../kind.ts";
import { digest, stackOf } from "../owner.ts";
import type { Plan, Step } from "../plan.ts";
import { type ProcessArgs, processSchema } from "./process-args.ts";
import { LOGS, logOf } from "./process-log.ts";

interface Seen extends Observed<ProcessArgs>, Omit<Found, "logged"> {
  readonly mark: string;
  /** The signal that ends what runs. */
  readonly stopSignal: string;
}

export const process: Kind<ProcessArgs, Seen> = {
  type: "Process",
  schema: processSchema,
  proof: "mark",
  complete: (args, mark) => ({ ...args, log: args.log ?? logOf(mark) }),
  // Two processes may run the same, so a process is known by who made it.
  id: ({ namespace }, mark) => place(namespace, mark),
  claims: (_args, mark) => claimed(`process ${mark}`),

  async observe(kernel, args, mark) {
    const { namespace, stopSignal } = args;
    const asked = { mark, definition: definition(args), namespace, log: logOf(mark) };
    const { runs, fits, logged } = await findProcesses(kernel, asked);
    if (!runs && !logged) return undefined;
    // What runs otherwise than the arguments say is told by none of them, so it is shown as another command than any.
    const state = runs ? (fits ? args : { ...args, command: [] }) : undefined;
    return { runs, fits, mark, stopSignal, state };
  },

  plan({ seen, was, desired, mark, run }) {
    if (desired === undefined) return seen === undefined ? [] : end(seen);
    if (seen?.fits && seen.mark === mark) return [];
    return [
      ...(seen === undefined ? [] : seen.mark === mark ? stop(seen, was) : end(seen)),
      {
        run: start(desired, mark),
        undo: stopProcesses(mark, desired.stopSignal, PATIENCE),
        ...(run && { recover: makeRoom(desired, mark, run) }),
      },
    ];
  },
};

/**
 * Ends the processes in the same place whose resources the program has no more: what they hold, such as a port, may be what
 * keeps this one from starting. The engine deletes them only at the end of its run.
 */
const makeRoom = (
  { namespace }: ProcessArgs,
  mark: string,
  { declared, ended }: Run,
): NonNullable<Step["recover"]> => ({
  from: "failed",
  run: () => stopOthers(`pulumi-netns:${stackOf(mark)}:`, namespace, PATIENCE, declared()),
  done: ({ stdout }) => {
    for (const other of stdout.split("\n").filter((line) => line !== "")) ended.add(other);
  },
});

function start(args: ProcessArgs, mark: string): Command {
  const { settle, env = {}, log = logOf(mark) } = args;
  return startProcess(mark, definition(args), settle, { ...args, env, log });
}

/** Where what comes after it does not start, what was there before is to go on. */
const stop = ({ runs, mark, stopSignal }: Seen, was?: ProcessArgs): Plan =>
  runs ? [{ run: stopProcesses(mark, stopSignal, PATIENCE), ...(was && { undo: start(was, mark) }) }] : [];

/** The log where nobody has asked for one goes with the process; another is its owner's. */
const end = (seen: Seen): Plan => [...stop(seen), { run: clearAway([logOf(seen.mark)], [LOGS]), tolerate: ["absent"] }];

/** Milliseconds that a program has to end by itself. */
const PATIENCE = 5000;

/** What tells one start from another; what only concerns the end, or the wait for the beginning, does not. */
const definition = ({ command, env = {}, cwd, log }: ProcessArgs): string =>
  digest(JSON.stringify([command, Object.entries(env).sort(), cwd, log]));
