import { readdirSync, readFileSync } from "node:fs";

/** Watches the peak memory of a process that comes and goes below this one, known by a word of its command line. */
export interface Watch extends Disposable {
  /** Bytes; undefined as long as no such process was seen. */
  peak(): number | undefined;
}

export function watchMemory(word: string): Watch {
  let peak: number | undefined;
  let watched: number | undefined;
  // The kernel keeps the peak, so the last look before the process ends is the one that counts.
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

/** Milliseconds. */
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

/** A file of a process; undefined when the process has gone. */
function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}
