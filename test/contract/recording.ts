import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { shellWords } from "../../provider/kernel/command.ts";
import type { CommandResult } from "../../provider/kernel/kernel.ts";
import { TOOLS, type Tool } from "./cases.ts";

/** A command and its answer. */
export interface Recorded extends CommandResult {
  /** The command in shell notation, without the words that enter the sandbox. */
  readonly command: string;
  readonly stdin?: string;
}

/** The answers of a version of a tool, by the names of the cases. */
export type Recording = Readonly<Record<string, Recorded>>;

/** Returns the name of a recording: the version of the tool, and that of the kernel, because many messages are from the kernel. */
export function recordingName(tool: Tool, printed: string, release: string): string {
  const version = TOOLS[tool].pattern.exec(printed)?.[1];
  if (version === undefined) throw new Error(`${tool} prints no version that is known: ${printed}`);
  return `${tool}-${version}-linux-${release.split(".").slice(0, 2).join(".")}`;
}

/** Returns a recording by its name, or undefined if there is none. */
export function readRecording(name: string): Recording | undefined {
  return existsSync(fileOf(name)) ? (JSON.parse(readFileSync(fileOf(name), "utf8")) as Recording) : undefined;
}

export const writeRecording = (name: string, recording: Recording): void =>
  writeFileSync(fileOf(name), `${JSON.stringify(recording, undefined, 2)}\n`);

/** Returns the names of all recordings of a tool. */
export const recordingsOf = (tool: Tool): string[] =>
  globSync(join(FOLDER, `${tool}-[0-9]*.json`))
    .map((file) => basename(file, ".json"))
    .sort();

/** Returns the error output of a tool in a case, from the first of its recordings, for unit tests. */
export function recordedStderr(tool: Tool, title: string): string {
  const answer = recordingsOf(tool)
    .map((name) => readRecording(name)?.[title])
    .find((one) => one !== undefined);
  if (answer === undefined) throw new Error(`no recording of ${tool} has the case "${title}"`);
  return answer.stderr;
}

/**
 * Returns a command with its answer, without parts that differ between runs: numbers of links and rules, MAC and link-local addresses,
 * timers, the order of entries that the kernel keeps in a hash table with a random seed, and the operational state, which the kernel
 * updates some time after a command.
 */
export function recorded(argv: readonly string[], stdin: string | undefined, outcome: CommandResult): Recorded {
  const command = shellWords(argv);
  const stdout = outcome.stdout
    .replaceAll(/("(?:ifindex|link_index|handle|\w+_timer)": ?)[\d.]+/g, "$10")
    .replaceAll(/\b(?!00:00:00|ff:ff:ff|01:80:c2)(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, "02:00:00:00:00:01")
    .replaceAll(/\bfe80::[0-9a-f:]+/g, "fe80::1")
    .replaceAll(/"NO-CARRIER",/g, "")
    .replaceAll(/("operstate": ?)"[A-Z]+"/g, '$1"UNKNOWN"')
    .replaceAll(/("permaddr": ?")[0-9a-f:]+/g, "$1::");
  return {
    command,
    ...(stdin !== undefined && { stdin }),
    ...outcome,
    stdout: HASHED.test(command) ? sorted(stdout) : stdout,
  };
}

/** The queries of neighbours and of forwarding entries. */
const HASHED = / (?:neigh|fdb) show\b/;

/** Sorts the entries of a list in JSON. */
function sorted(text: string): string {
  if (!text.startsWith("[")) return text;
  const entries = (JSON.parse(text) as unknown[]).map((entry) => JSON.stringify(entry));
  return `[${entries.sort().join(",")}]\n`;
}

const FOLDER = join(import.meta.dirname, "recorded");
const fileOf = (name: string): string => join(FOLDER, `${name}.json`);
