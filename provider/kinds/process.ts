import { exclusiveClaims } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import { removeFilesAndFolders } from "../kernel/tools/files.ts";
import { findProcesses, type ProcessStatus, startProcess, stopOthers, stopProcesses } from "../kernel/tools/process.ts";
import { type Kind, type Observed, type ProgramRun, placeId } from "../kind.ts";
import { digest, stackOf } from "../owner.ts";
import type { Plan, Step } from "../plan.ts";
import { type ProcessArgs, processSchema } from "./process-args.ts";
import { LOGS, logOf } from "./process-log.ts";

interface ObservedProcess extends Observed<ProcessArgs>, Omit<ProcessStatus, "hasLog"> {
  readonly mark: string;
  /** The signal that ends what runs. */
  readonly stopSignal: string;
}

export const process: Kind<ProcessArgs, ObservedProcess> = {
  type: "Process",
  schema: processSchema,
  ownership: "mark",
  applyDefaults: (args, mark) => ({ ...args, log: args.log ?? logOf(mark) }),
  // Two processes may run the same, so a process is known by who made it.
  id: ({ namespace }, mark) => placeId(namespace, mark),
  claims: (_args, mark) => exclusiveClaims(`process ${mark}`),

  async observe(kernel, args, mark) {
    const { namespace, stopSignal } = args;
    const asked = { mark, definition: definition(args), namespace, log: logOf(mark) };
    const { isRunning, isCurrent, hasLog } = await findProcesses(kernel, asked);
    if (!isRunning && !hasLog) return undefined;
    // What runs otherwise than the arguments say is told by none of them, so it is shown as another command than any.
    const state = isRunning ? (isCurrent ? args : { ...args, command: [] }) : undefined;
    return { isRunning, isCurrent, mark, stopSignal, state };
  },

  plan({ seen, was, desired, mark, run }) {
    if (desired === undefined) return seen === undefined ? [] : stopAndRemoveLog(seen);
    if (seen?.isCurrent && seen.mark === mark) return [];
    return [
      ...(seen === undefined ? [] : seen.mark === mark ? stopSteps(seen, was) : stopAndRemoveLog(seen)),
      {
        run: startCommand(desired, mark),
        undo: stopProcesses(mark, desired.stopSignal, STOP_TIMEOUT_MS),
        ...(run && { recover: stopUndeclared(desired, mark, run) }),
      },
    ];
  },
};

/**
 * Ends the processes in the same place whose resources the program has no more: what they hold, such as a port, may be what
 * keeps this one from starting. The engine deletes them only at the end of its run.
 */
const stopUndeclared = (
  { namespace }: ProcessArgs,
  mark: string,
  { declared, ended }: ProgramRun,
): NonNullable<Step["recover"]> => ({
  from: "failed",
  run: () => stopOthers(`pulumi-netns:${stackOf(mark)}:`, namespace, STOP_TIMEOUT_MS, declared()),
  onResult: ({ stdout }) => {
    for (const other of stdout.split("\n").filter((line) => line !== "")) ended.add(other);
  },
});

function startCommand(args: ProcessArgs, mark: string): Command {
  const { settle, env = {}, log = logOf(mark) } = args;
  return startProcess(mark, definition(args), settle, { ...args, env, log });
}

/** Where what comes after it does not start, what was there before is to go on. */
const stopSteps = ({ isRunning, mark, stopSignal }: ObservedProcess, was?: ProcessArgs): Plan =>
  isRunning
    ? [{ run: stopProcesses(mark, stopSignal, STOP_TIMEOUT_MS), ...(was && { undo: startCommand(was, mark) }) }]
    : [];

/** The log where nobody has asked for one goes with the process; another is its owner's. */
const stopAndRemoveLog = (seen: ObservedProcess): Plan => [
  ...stopSteps(seen),
  { run: removeFilesAndFolders([logOf(seen.mark)], [LOGS]), tolerate: ["absent"] },
];

/** Milliseconds that a program has to end by itself. */
const STOP_TIMEOUT_MS = 5000;

/** What tells one start from another; what only concerns the end, or the wait for the beginning, does not. */
const definition = ({ command, env = {}, cwd, log }: ProcessArgs): string =>
  digest(JSON.stringify([command, Object.entries(env).sort(), cwd, log]));
