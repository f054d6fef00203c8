import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Backend, isOnDisk } from "./backend.ts";
import { withHelp } from "./message.ts";
import { stackNameOf } from "./owner.ts";

/**
 * The previous run of a stack, if its engine was killed before it wrote the state. With PULUMI_SKIP_CHECKPOINTS, the engine writes the state once,
 * at the end of a run. After a kill, the state is that from before the run: if the program is then changed back, the engine finds no changes,
 * whatever the killed run has done.
 */
export interface KilledRun {
  /** Returns whether the previous run of the stack of a mark was killed. The answer is the same for the whole run. */
  readonly isBefore: (mark: string) => boolean;
  /** Records that this run changes an object of the stack of a mark. */
  readonly record: (mark: string) => void;
}

/** No run was killed, and none is recorded: the engine writes the state at each step, or not to files. */
export const NO_KILLED_RUN: KilledRun = { isBefore: () => false, record: () => undefined };

/** The run of the engine that this process is a part of. */
export interface CurrentRun {
  readonly env: NodeJS.ProcessEnv;
  /** The address of the engine, by which the processes of a run know each other; undefined if no engine started this one. */
  readonly engine: string | undefined;
  /** Tells the user who runs the program. */
  readonly warn: (text: string) => void;
}

/**
 * Finds killed runs by two files beside the states: one that the providers write at their first change in a run, and the entry in the stack's history
 * that the engine writes at the end of a run.
 */
export function killedRuns(backend: Backend | undefined, { env, engine, warn }: CurrentRun): KilledRun {
  if (backend === undefined || !isOnDisk(backend)) return NO_KILLED_RUN;
  const folder = join(backend.url.slice("file://".length), ".pulumi");
  const answers = new Map<string, boolean>();
  const recorded = new Set<string>();

  function isBefore(mark: string): boolean {
    const stack = stackNameOf(mark);
    if (stack === undefined) return false;
    const known = answers.get(stack);
    if (known !== undefined) return known;
    const isKilled = wasKilledBefore(folder, stack, engine);
    answers.set(stack, isKilled);
    if (isKilled) warn(WAS_KILLED);
    return isKilled;
  }

  function record(mark: string): void {
    const stack = stackNameOf(mark);
    // The answer must not depend on this run.
    const isAfterKill = isBefore(mark);
    if (stack === undefined || recorded.has(stack) || !SKIPS.has(env["PULUMI_SKIP_CHECKPOINTS"]?.toLowerCase())) return;
    recorded.add(stack);
    const file = recordOf(folder, stack);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ engine, isAfterKill } satisfies RunRecord));
  }

  return { isBefore, record };
}

/** The values by which Pulumi's engine turns a setting on. */
const SKIPS: ReadonlySet<string | undefined> = new Set(["1", "true"]);

const WAS_KILLED = withHelp(
  "the previous run was killed before its state was written, so objects may differ from the state: an up corrects them, a destroy deletes them",
  "after this run, `pulumi-netns clean` lists and removes objects that the killed run has created and that are not in the state",
);

const recordOf = (folder: string, stack: string): string => join(folder, "pulumi-netns", stack, "changing");

/** The content of the file that is written at the first change of a run. */
interface RunRecord {
  readonly engine: string | undefined;
  readonly isAfterKill: boolean;
}

/** Returns whether the run before that of an engine was killed. Another process of the same run may have found out and recorded it already. */
function wasKilledBefore(folder: string, stack: string, engine: string | undefined): boolean {
  const file = recordOf(folder, stack);
  const [began, ended] = [timeOf(file), lastEndOf(folder, stack)];
  if (began === undefined || (ended !== undefined && ended >= began)) return false;
  const last = recordIn(file);
  return engine === undefined || last?.engine !== engine || last.isAfterKill;
}

/** Returns the record in a file; undefined if it is incomplete, since the writer was killed, or from an earlier version, which wrote none. */
function recordIn(file: string): RunRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as RunRecord;
  } catch {
    return undefined;
  }
}

/** Returns the time at which the last run of a stack has ended; undefined if none is known. */
function lastEndOf(folder: string, stack: string): number | undefined {
  const history = join(folder, "history", stack);
  try {
    return Math.max(...readdirSync(history).flatMap((name) => timeOf(join(history, name)) ?? []));
  } catch {
    return undefined;
  }
}

/** Returns the time of the last change of a file, in milliseconds; undefined if it does not exist. */
const timeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
