import { execa } from "execa";
import * as v from "valibot";

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
      const [first = "", ...rest] = [...enter, ...within(place, program, args)];
      const { exitCode, stdout, stderr, shortMessage } = await execa(first, rest, {
        reject: false,
        stdin: "ignore",
        timeout: 60_000,
        // The tools live in sbin, which is not on every user's PATH; their messages are read, so they must be in English.
        env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`, LC_ALL: "C" },
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
  if (code !== 0) throw new Error(`${within(place, "ip", args).join(" ")}: ${stderr.trim()}`);
  return v.parse(answer, JSON.parse(stdout || "[]"));
}

/** Does the work for each item, so many at a time; the results are in the items' order. */
export async function pooled<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Map<number, R>();
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results.set(index, await work(item));
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return [...results].sort(([left], [right]) => left - right).map(([, result]) => result);
}

function within(place: Place, program: string, args: readonly string[]): string[] {
  if (place === undefined) return [program, ...args];
  return program === "ip" ? ["ip", "-n", place, ...args] : ["ip", "netns", "exec", place, program, ...args];
}
