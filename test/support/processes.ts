import { readFileSync } from "node:fs";
import { lab } from "./lab-for-each.ts";

/** What does nothing, for long. */
export const IDLE = { namespace: "red", command: ["sleep", "1000"], settle: 100 };

export const shell = (script: string) => ({ namespace: "red", command: ["sh", "-c", script], settle: 300 });

/** What the log says of a program's end. */
export const ended = (program: string, code: number) => `pulumi-netns: ${program} ended with exit code ${code}`;

/** The processes of the namespace red, as `ip netns pids` finds them: others than the provider tell of them. */
export const pids = async (): Promise<string[]> =>
  (await lab.run("ip", "netns", "pids", "red")).split("\n").filter((pid) => pid !== "");

/** Their command lines. */
export const inside = async (): Promise<string[]> => (await pids()).map(commandLine);

/** The same without the shells that keep the programs. */
export const programs = async (): Promise<string[]> =>
  (await inside()).filter((line) => !line.includes("pulumi-netns")).sort();

/** The id of the process with that command line. */
export const pidOf = async (command: string): Promise<string> =>
  (await pids()).find((pid) => commandLine(pid) === command) ?? "";

/** The command line of a process; empty for one that has ended meanwhile. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
