import { readdirSync, readFileSync } from "node:fs";

/** Watches the peak memory of a short-lived descendant process, which is identified by a word in its command line. */
export interface Watch extends Disposable {
  /** Returns the peak in bytes; undefined until such a process was seen. */
  peak(): number | undefined;
}

export function watchMemory(word: string): Watch {
  let peak: number | undefined;
  let watched: number | undefined;
  // The kernel keeps the peak, so the last reading before the process ends counts.
  const timer = setInterval(() => {
    watched ??= descendants(process.pid).find((pid) => read(pid, "cmdline")?.includes(word));
    const seen = watched === undefined ? undefined : peakOf(watched);
    if (seen === undefined) watched = undefined;
    else peak = Math.max(peak ?? 0, seen);
  }, EVERY);
  return {
    peak: () => peak,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** Returns the memory of processes in bytes, in which a page that several of them share counts once in all. */
export const residentMemory = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + 1024 * Number(/^Pss:\s+(\d+)/m.exec(read(pid, "smaps_rollup") ?? "")?.[1] ?? 0), 0);

/** In milliseconds. */
const EVERY = 200;

function descendants(ancestor: number): number[] {
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]),
  );
  const below = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === ancestor || below(parents.get(pid)));
  return [...parents.keys()].filter((pid) => pid !== ancestor && below(pid));
}

function parentOf(pid: number): number | undefined {
  return field(pid, /^PPid:\s+(\d+)/m);
}

function peakOf(pid: number): number | undefined {
  const kilobytes = field(pid, /^VmHWM:\s+(\d+)/m);
  return kilobytes === undefined ? undefined : kilobytes * 1024;
}

function field(pid: number, pattern: RegExp): number | undefined {
  const [, value] = pattern.exec(read(pid, "status") ?? "") ?? [];
  return value === undefined ? undefined : Number(value);
}

/** Reads a file of a process in /proc; undefined if the process has ended. */
function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}
