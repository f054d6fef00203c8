import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Sandbox } from "../../tools/sandbox.ts";

/** A process of a sandbox, as the kernel reports it. */
export interface Running {
  readonly pid: number;
  /** The name of its program, which the kernel cuts to 15 characters. */
  readonly name: string;
  /** Its command line. */
  readonly line: string;
}

/** Returns the processes that run in a sandbox. */
export function runningIn(host: Sandbox): Running[] {
  const own = readlinkSync(`/proc/${host.pid}/ns/user`);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (readlinkSync(`/proc/${pid}/ns/user`) !== own) return [];
        const [name, line] = ["comm", "cmdline"].map((file) => readFileSync(`/proc/${pid}/${file}`, "utf8"));
        return [{ pid: Number(pid), name: name!.trim(), line: line!.replaceAll("\0", " ").trim() }];
      } catch {
        // The process has ended in the meantime.
        return [];
      }
    });
}

/** Returns the processes of Pulumi among them: the engine, language hosts, programs and providers. */
export const ofPulumi = (host: Sandbox): Running[] =>
  runningIn(host).filter(({ line }) =>
    /^\S*(\/pulumi |pulumi-language)|@pulumi\/pulumi\/cmd\/|pulumi-resource-/.test(line),
  );

/** Returns the engine that runs in a sandbox, and its language host. */
export const engineIn = (host: Sandbox): Running => named(host, "pulumi");
export const languageHostIn = (host: Sandbox): Running => named(host, "pulumi-language");

function named(host: Sandbox, name: string): Running {
  const found = runningIn(host).find((process) => process.name === name);
  if (found === undefined) throw new Error(`no ${name} runs`);
  return found;
}
