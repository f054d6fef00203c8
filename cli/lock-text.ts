import type { Lock } from "../inspect/lock.ts";
import { withHelp } from "../provider/message.ts";

/** Describes a lock on a stack, with help. */
export function lockText({ pid, machine, running }: Lock): string {
  if (running) return withHelp(`\`pulumi\` is running on this stack (process ${pid})`, "wait until it ends");
  const holder = running === undefined ? `process ${pid} on ${machine}` : `process ${pid}, which has ended`;
  const once = running === undefined ? "once that process has ended, " : "";
  return withHelp(
    `this stack is locked by a run of \`pulumi\` (${holder})`,
    `${once}run \`pulumi cancel\` to remove the lock`,
  );
}
