import type { LabHosts } from "../inspect/lab-hosts.ts";
import { warn } from "./output.ts";

/** Says on standard error which lab hosts a command has not seen, because they cannot be reached. */
export function reportUnreachable({ unreachable }: LabHosts): void {
  for (const [host, answer] of unreachable) warn(`the lab host ${host} cannot be reached: ${answer}`);
}
