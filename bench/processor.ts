import { readFileSync } from "node:fs";

/** Returns the processor time, in milliseconds, of all descendants of this process that have ended and that were awaited. */
export function childrenTime(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  // The name of the program, in parentheses, may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user = 0, system = 0] = [fields[13], fields[14]].map(Number);
  return ((user + system) * 1000) / TICKS;
}

/** The ticks of a second, which are the same on all architectures that Node supports. */
const TICKS = 100;
