import { readFileSync } from "node:fs";
import { lab } from "./lab-for-each.ts";

/** Arguments of a process that does nothing for a long time. */
export const IDLE = { namespace: "red", command: ["sleep", "1000"], settle: 100 };

export const shell = (script: string) => ({ namespace: "red", command: ["sh", "-c", script], settle: 300 });

/** Returns the log line for the end of a program. */
export const ended = (program: string, code: number) => `pulumi-netns: ${program} ended with exit code ${code}`;

/** Returns the processes of the namespace red according to `ip netns pids`, independently of the provider. */
export const pids = async (): Promise<string[]> =>
  (await lab.run("ip", "netns", "pids", "red")).split("\n").filter((pid) => pid !== "");

/** Returns their command lines. */
export const inside = async (): Promise<string[]> => (await pids()).map(commandLine);

/** Returns their command lines, without the shells that supervise the programs. */
export const programs = async (): Promise<string[]> =>
  (await inside()).filter((line) => !line.includes("pulumi-netns")).sort();

/** Returns the ID of the process with that command line. */
export const pidOf = async (command: string): Promise<string> =>
  (await pids()).find((pid) => commandLine(pid) === command) ?? "";

/** Returns the command line of a process; empty if it has ended in the meantime. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
