import type { Command } from "../kernel/command.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { readFile, removeFile, removeFilesAndFolders } from "../kernel/tools/files.ts";
import { removePaths, signalProcess, writeFileBelow, writeNote } from "../kernel/tools/process-files.ts";
import { runProgram } from "../kernel/tools/run.ts";
import { digest } from "../owner.ts";
import type { Plan, Step } from "../plan.ts";
import type { ProcessArgs } from "./process-args.ts";
import { FOLDER } from "./process-paths.ts";

/*
 * The content of a process: its files and triggers, which may change without a new start. A note on the lab host tells which
 * content the process has loaded, so that a crash between the write of a file and the reload is noticed.
 */

/** Returns a digest of the content; undefined if there is none. */
export const contentOf = ({ files, triggers }: ProcessArgs): string | undefined =>
  files === undefined && triggers === undefined
    ? undefined
    : digest(JSON.stringify([Object.entries(files ?? {}).sort(), triggers]));

/** Returns the texts of the files that are on disk. Those that are not stale are known. */
export async function filesOnDisk(
  kernel: KernelClient,
  {
    folder,
    files,
    stale,
    sums,
  }: {
    readonly folder: string;
    readonly files: Readonly<Record<string, string>>;
    readonly stale: readonly string[];
    /** The sums of the files that exist. */
    readonly sums: ReadonlyMap<string, string>;
  },
): Promise<Record<string, string>> {
  const texts = await Promise.all(
    Object.entries(files)
      .filter(([name]) => sums.has(name))
      .map(
        async ([name, text]): Promise<[string, string]> => [
          name,
          stale.includes(name) ? ((await readFile(kernel, `${folder}/${name}`)) ?? "") : text,
        ],
      ),
  );
  return Object.fromEntries(texts);
}

/** Returns the steps that write the files that differ and remove those that are no longer declared. */
export function fileSteps({
  folder,
  stale,
  was,
  desired,
  secret = [],
}: {
  readonly folder: string;
  /** The files that differ; undefined for all. */
  readonly stale: readonly string[] | undefined;
  readonly was: ProcessArgs | undefined;
  readonly desired: ProcessArgs;
  /** The dotted paths of the secret arguments. */
  readonly secret: readonly string[] | undefined;
}): Plan {
  const [before, files] = [was?.files ?? {}, desired.files ?? {}];
  const write = (name: string, text: string) =>
    writeFileBelow(folder, name, text, secret.includes("files") || secret.includes(`files.${name}`));
  const undoOf = (name: string): Pick<Step, "undo"> => {
    const text = before[name];
    return { undo: text === undefined ? removeFileBelow(folder, name) : write(name, text) };
  };
  const removed = stale === undefined ? [] : Object.keys(before).filter((name) => files[name] === undefined);
  return [
    ...removed.map((name) => ({ run: removeFile(`${folder}/${name}`), ...undoOf(name) })),
    ...Object.entries(files).flatMap(([name, text]) =>
      stale === undefined || stale.includes(name) ? [{ run: write(name, text), ...undoOf(name) }] : [],
    ),
  ];
}

/** Removes a file, and those of its folders that are empty then, so that a process that failed to start leaves only its log. */
function removeFileBelow(folder: string, name: string): Command {
  const parts = name.split("/").slice(0, -1);
  const folders = [...parts.keys(), parts.length].map((count) => [folder, ...parts.slice(0, count)].join("/"));
  return removeFilesAndFolders([`${folder}/${name}`], folders.toReversed());
}

/** Returns the step by which a running program loads its content; undefined if it must be started again. */
export function reloadSteps(desired: ProcessArgs, mark: string): Plan | undefined {
  const { onChange = "restart", namespace, env = {}, cwd = "/" } = desired;
  if (onChange === "restart") return undefined;
  const reload =
    typeof onChange === "string"
      ? signalProcess(mark, onChange)
      : runProgram({ namespace, command: onChange, env, cwd, timeout: RELOAD_TIMEOUT_MS });
  return [{ run: reload, afterUndo: reload }];
}

/** Returns the step that notes the content that the process has loaded. */
export function storeContent({
  note,
  folder,
  loaded,
  desired,
}: {
  readonly note: string;
  readonly folder: string;
  readonly loaded: string | undefined;
  readonly desired: ProcessArgs;
}): Plan {
  const content = contentOf(desired);
  if (content === loaded) return [];
  if (content === undefined) return [{ run: removePaths({ files: folder, note }, FOLDER) }];
  return [{ run: writeNote(note, content) }];
}

/** Milliseconds that the command of `onChange` may run. */
const RELOAD_TIMEOUT_MS = 60_000;
