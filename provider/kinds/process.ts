import { createHash } from "node:crypto";
import { exclusiveClaims } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { findProcesses, type ProcessStatus, startProcess, stopOthers, stopProcesses } from "../kernel/tools/process.ts";
import { removePaths } from "../kernel/tools/process-files.ts";
import { awaitReady } from "../kernel/tools/process-ready.ts";
import { type Kind, type Observed, type ProgramRun, placeId } from "../kind.ts";
import { digest, stackOf } from "../owner.ts";
import type { Plan, Step } from "../plan.ts";
import { hasUnknown } from "../schema.ts";
import { type ProcessArgs, processSchema } from "./process-args.ts";
import { contentOf, fileSteps, filesOnDisk, reloadSteps, storeContent } from "./process-content.ts";
import { FOLDER, filesOf, logOf, noteOf } from "./process-paths.ts";

interface ObservedProcess extends Observed<ProcessArgs>, Pick<ProcessStatus, "isRunning" | "isCurrent" | "loaded"> {
  readonly mark: string;
  /** The signal that stops the process. */
  readonly stopSignal: string;
  /** The files that are missing or differ. */
  readonly staleFiles: readonly string[];
}

export const process: Kind<ProcessArgs, ObservedProcess> = {
  type: "Process",
  schema: processSchema,
  ownership: "mark",
  applyDefaults: (args, mark) => ({
    ...args,
    cwd: args.cwd ?? (args.files === undefined ? "/" : filesOf(mark)),
    log: args.log ?? logOf(mark),
  }),
  // Two processes may run the same command, so a process is identified by its resource.
  id: ({ namespace }, mark) => placeId(namespace, mark),
  claims: (_args, mark) => exclusiveClaims(`process ${mark}`),
  interfaces: (args) =>
    Object.fromEntries(
      known(args.interfaces).map((name) => [
        name,
        { namespace: args.namespace, name, up: true, madeBy: hasUnknown(args) ? undefined : startOf(args) },
      ]),
    ),

  async observe(kernel, args, mark, next = mark) {
    const former = await observeMarked(kernel, args, mark);
    // A run whose state was lost may have started it with the new mark already.
    return former ?? (next === mark ? undefined : observeMarked(kernel, args, next));
  },

  plan({ seen, was, desired, mark, secret, run }) {
    if (desired === undefined) return seen === undefined ? [] : stopAndRemovePaths(seen);
    const own = seen?.mark === mark ? seen : undefined;
    const files = fileSteps({ folder: filesOf(mark), stale: own?.staleFiles, was, desired, secret });
    const content = storeContent({ note: noteOf(mark), folder: filesOf(mark), loaded: own?.loaded, desired });
    const ready = readySteps(desired, mark);
    if (own?.isCurrent && files.length === 0 && content.length === 0)
      return was === undefined || conditionsOf(was) !== conditionsOf(desired) ? ready : [];
    const reload = own?.isCurrent ? reloadSteps(desired, mark) : undefined;
    return [
      ...(own === undefined ? (seen === undefined ? [] : stopAndRemovePaths(seen)) : []),
      ...(own === undefined || reload !== undefined ? [] : stopSteps(own, was)),
      ...files,
      ...(reload ?? [startStep(desired, mark, run)]),
      ...ready,
      ...content,
    ];
  },
};

async function observeMarked(
  kernel: KernelClient,
  args: ProcessArgs,
  mark: string,
): Promise<ObservedProcess | undefined> {
  const { namespace, stopSignal, files = {} } = args;
  const asked = { mark, definition: definition(args), namespace, names: Object.keys(files) };
  const { isRunning, isCurrent, loaded, hasPaths, sums } = await findProcesses(kernel, asked, pathsOf(mark));
  if (!isRunning && !hasPaths) return undefined;
  const staleFiles = Object.entries(files).flatMap(([name, text]) => (sums.get(name) === sumOf(text) ? [] : [name]));
  const isLoaded = isCurrent && loaded === contentOf(args);
  const state = {
    ...args,
    ...(staleFiles.length > 0 && {
      files: await filesOnDisk(kernel, { folder: filesOf(mark), files, stale: staleFiles, sums }),
    }),
    // If the running process does not match the arguments, report an empty command, so that it shows as drift.
    ...(!isLoaded && { command: [] }),
  };
  return { isRunning, isCurrent, loaded, mark, stopSignal, staleFiles, state: isRunning ? state : undefined };
}

const startStep = (desired: ProcessArgs, mark: string, run: ProgramRun | undefined): Step => ({
  run: startCommand(desired, mark),
  undo: stopProcesses(mark, desired.stopSignal, STOP_TIMEOUT_MS),
  ...(run && { recover: stopUndeclared(desired, mark, run) }),
});

/** Returns the step that waits until a program that has started, or has loaded its files again, is ready. */
function readySteps(args: ProcessArgs, mark: string): Plan {
  const { interfaces = [], ready, log = logOf(mark), cwd = "/" } = args;
  if (ready === undefined && interfaces.length === 0) return [];
  const { timeout = READY_TIMEOUT_MS, ...conditions } = ready ?? {};
  const until = { ...conditions, interfaces, timeout: Math.ceil(timeout / 1000) };
  return [{ run: awaitReady(mark, { ...args, log, cwd }, until) }];
}

/** Returns the conditions under which a program is ready, as text to compare. */
const conditionsOf = ({ ready, interfaces }: ProcessArgs): string => JSON.stringify([ready, interfaces]);

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
    const others = stdout.split("\n").filter((line) => line !== "");
    for (const other of others) ended.add(other);
    return others.length > 0;
  },
});

function startCommand(args: ProcessArgs, mark: string): Command {
  const { settle, env = {}, log = logOf(mark), cwd = "/" } = args;
  return startProcess(mark, definition(args), settle, { ...args, env, log, cwd });
}

/** Returns the steps that stop a process. If its successor does not start, the rollback restarts it. */
const stopSteps = ({ isRunning, mark, stopSignal }: ObservedProcess, was?: ProcessArgs): Plan =>
  isRunning
    ? [{ run: stopProcesses(mark, stopSignal, STOP_TIMEOUT_MS), ...(was && { undo: startCommand(was, mark) }) }]
    : [];

/** Returns the steps that stop a process and delete its default log and its files. A log that the program names is kept. */
const stopAndRemovePaths = (seen: ObservedProcess): Plan => [
  ...stopSteps(seen),
  { run: removePaths(pathsOf(seen.mark), FOLDER) },
];

const pathsOf = (mark: string) => ({ log: logOf(mark), files: filesOf(mark), note: noteOf(mark) });

/** Milliseconds that a program has to end after the stop signal. */
const STOP_TIMEOUT_MS = 5000;

/** Milliseconds that a program has to make its interfaces. */
const READY_TIMEOUT_MS = 30_000;

const sumOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Returns a digest of the arguments that matter at the start; those only for the stop or the wait after the start are left out. */
const definition = ({ command, env = {}, cwd, log }: ProcessArgs): string =>
  digest(JSON.stringify([command, Object.entries(env).sort(), cwd, log]));

/** Returns a digest that changes when the process is started again, and with it the interfaces that it makes. */
const startOf = (args: ProcessArgs): string =>
  definition(args) + (reloadSteps(args, "") === undefined ? (contentOf(args) ?? "") : "");

/** Returns the names that are known. */
const known = (names: readonly string[] | string | undefined = []): readonly string[] =>
  typeof names === "string" ? [] : names.filter((name) => !hasUnknown(name));
