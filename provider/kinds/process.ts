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
  /** The signal that stops the process. */
  readonly stopSignal: string;
}

export const process: Kind<ProcessArgs, ObservedProcess> = {
  type: "Process",
  schema: processSchema,
  ownership: "mark",
  applyDefaults: (args, mark) => ({ ...args, log: args.log ?? logOf(mark) }),
  // Two processes may run the same command, so a process is identified by its resource.
  id: ({ namespace }, mark) => placeId(namespace, mark),
  claims: (_args, mark) => exclusiveClaims(`process ${mark}`),

  async observe(kernel, args, mark) {
    const { namespace, stopSignal } = args;
    const asked = { mark, definition: definition(args), namespace, log: logOf(mark) };
    const { isRunning, isCurrent, hasLog } = await findProcesses(kernel, asked);
    if (!isRunning && !hasLog) return undefined;
    // If the running process does not match the arguments, report an empty command, so that it shows as drift.
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
 * Stops the processes in the same place whose resources the program no longer declares: they may hold a port, for example, that
 * this process needs to start. The engine deletes them only at the end of its run.
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

/** Returns the steps that stop a process. If its successor does not start, the rollback restarts it. */
const stopSteps = ({ isRunning, mark, stopSignal }: ObservedProcess, was?: ProcessArgs): Plan =>
  isRunning
    ? [{ run: stopProcesses(mark, stopSignal, STOP_TIMEOUT_MS), ...(was && { undo: startCommand(was, mark) }) }]
    : [];

/** Returns the steps that stop a process and delete its default log. A log that the program names is kept. */
const stopAndRemoveLog = (seen: ObservedProcess): Plan => [
  ...stopSteps(seen),
  { run: removeFilesAndFolders([logOf(seen.mark)], [LOGS]), tolerate: ["absent"] },
];

/** Milliseconds that a program has to end after the stop signal. */
const STOP_TIMEOUT_MS = 5000;

/** Returns a digest of the arguments that matter at the start; those only for the stop or the wait after the start are left out. */
const definition = ({ command, env = {}, cwd, log }: ProcessArgs): string =>
  digest(JSON.stringify([command, Object.entries(env).sort(), cwd, log]));
