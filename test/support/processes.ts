import { readFileSync } from "node:fs";
import { type Lab, type LabResource, openLab } from "./lab.ts";

/** A lab with a namespace, and what runs in there as others than the provider tell of it. */
export interface ProcessBench extends AsyncDisposable {
  readonly lab: Lab;
  /** The command lines of all processes of the namespace, as `ip netns pids` finds them. */
  inside(): Promise<string[]>;
  /** The same without the shells that keep the programs. */
  programs(): Promise<string[]>;
  /** The id of the process with that command line. */
  pidOf(command: string): Promise<string>;
  pids(): Promise<string[]>;
}

/** What does nothing, for long. */
export const IDLE = { namespace: "red", command: ["sleep", "1000"], settle: 100 };

export const shell = (script: string) => ({ namespace: "red", command: ["sh", "-c", script], settle: 300 });

/** What the log says of a program's end. */
export const ended = (program: string, code: number) => `pulumi-netns: ${program} ended with exit code ${code}`;

export async function processBench(): Promise<ProcessBench> {
  const lab = await openLab();
  await lab.run("ip", "netns", "add", "red");
  const pids = async () => (await lab.run("ip", "netns", "pids", "red")).split("\n").filter((pid) => pid !== "");
  const inside = async () => (await pids()).map(commandLine);
  return {
    lab,
    pids,
    inside,
    programs: async () => (await inside()).filter((line) => !line.includes("pulumi-netns")).sort(),
    pidOf: async (command) => (await pids()).find((pid) => commandLine(pid) === command) ?? "",
    // What a test has started would outlive it.
    async [Symbol.asyncDispose]() {
      for (const name of ["it", "other"]) await end(lab.nextRun().resource("Process", name));
      await lab[Symbol.asyncDispose]();
    },
  };
}

function end(resource: LabResource): Promise<void> {
  resource.resume({ id: "it", outputs: { ...resource.outputs, ...IDLE, stopSignal: "SIGKILL", cwd: "/", log: "/x" } });
  return resource.destroy();
}

/** The command line of a process; empty for one that has ended meanwhile. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
