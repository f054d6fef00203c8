import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import * as v from "valibot";

/** A lock that a run of `pulumi` holds on a stack. */
export interface Lock {
  /** The process ID of the run, and the machine on which it runs. */
  readonly pid: number;
  readonly machine: string;
  /** Whether the run still exists; undefined for a run on another machine, which cannot be checked from here. */
  readonly running: boolean | undefined;
}

/**
 * Finds the locks on a stack whose state is in files on this machine. For other backends, Pulumi reports a lock itself, and none
 * is found here.
 *
 * @param url The absolute URL of the backend.
 */
export function locksOn({ project, stack }: { project: string; stack: string }, url: string | undefined): Lock[] {
  if (!url?.startsWith("file://")) return [];
  // A file backend has a single organization, named `organization`.
  const folder = join(url.slice("file://".length), ".pulumi/locks/organization", project, stack);
  return filesIn(folder).flatMap((file) => {
    const lock = v.safeParse(LOCK, textOf(join(folder, file)));
    if (!lock.success) return [];
    const { pid, hostname: machine } = lock.output;
    return [{ pid, machine, running: machine === hostname() ? isPulumi(pid) : undefined }];
  });
}

const isPulumi = (pid: number): boolean => textOf(`/proc/${pid}/comm`)?.trim() === "pulumi";

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

const LOCK = v.pipe(v.string(), v.parseJson(), v.object({ pid: v.number(), hostname: v.string() }));
