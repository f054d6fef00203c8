import { execa } from "execa";
import * as v from "valibot";
import { toolEnvironment } from "../provider/kernel/environment.ts";
import { inNamespace } from "../provider/kernel/kernel.ts";

/** Where a command runs: a network namespace by its name; undefined for the lab host's own network stack. */
export type Place = string | undefined;

/** A place as a sentence names it. */
export const placeName = (place: Place): string => place ?? "the lab host";

/** What a command said. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A lab host to be looked at. */
export interface LabHost {
  /** Runs a program in a place; a failure is an answer like any other. */
  run(place: Place, program: string, ...args: readonly string[]): Promise<Said>;
}

/**
 * The lab host that commands of this process reach.
 *
 * @param enter Words put before each command, for a lab host that is reached through another program (`nsenter …`).
 */
export function labHost(enter: readonly string[] = []): LabHost {
  return {
    async run(place, program, ...args) {
      const [first = "", ...rest] = [...enter, ...inNamespace(place, program, args)];
      const { exitCode, stdout, stderr, shortMessage } = await execa(first, rest, {
        reject: false,
        stdin: "ignore",
        timeout: 60_000,
        env: toolEnvironment(),
      });
      return { code: exitCode ?? 127, stdout, stderr: exitCode === undefined ? (shortMessage ?? stderr) : stderr };
    },
  };
}

/**
 * What `ip -json` tells of a place.
 *
 * @throws Error with the command and what it said, when it fails.
 */
export async function askIp<S extends v.GenericSchema>(
  host: LabHost,
  place: Place,
  answer: S,
  ...args: readonly string[]
): Promise<v.InferOutput<S>> {
  const { code, stdout, stderr } = await host.run(place, "ip", "-json", ...args);
  if (code !== 0) throw new Error(`${inNamespace(place, "ip", args).join(" ")}: ${stderr.trim()}`);
  return v.parse(answer, JSON.parse(stdout || "[]"));
}
