import type { LabHosts } from "../inspect/lab-hosts.ts";
import { paint } from "./output.ts";

/** Says on standard error which lab hosts a command has not seen, because they cannot be reached. */
export function reportUnreachable({ unreachable }: LabHosts): void {
  for (const [host, answer] of unreachable)
    process.stderr.write(`${paint("yellow", "warning:")} the lab host ${host} cannot be reached: ${answer}\n`);
}
