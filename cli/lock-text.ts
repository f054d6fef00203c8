import type { Lock } from "../inspect/lock.ts";

/** Tells of a lock on a stack, and what to do. */
export function lockText({ pid, machine, running }: Lock): string {
  if (running) return `\`pulumi\` is at work on this stack (process ${pid})\n  what to do: wait for its end`;
  const holder = running === undefined ? `process ${pid} on ${machine}` : `process ${pid}, which has ended`;
  const once = running === undefined ? "once that process has ended, " : "";
  return `this stack is locked by a run of \`pulumi\` (${holder})\n  what to do: ${once}\`pulumi cancel\` takes the lock away`;
}
