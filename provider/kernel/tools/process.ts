import { type Command, shellWords } from "../command.ts";
import { type KernelClient } from "../kernel.ts";
import { runQuery } from "../query.ts";
import {
  ENTER_FOLDER,
  EXPORT_VARIABLES,
  MEMBERS_FUNCTION,
  markVariable,
  networkFile,
  PROGRAM_PATH,
  READ_VARIABLES,
  variableLines,
} from "./process-members.ts";

/* A process that outlives the program that started it. */

/** The program to run, and its place. */
export interface Program {
  readonly namespace?: string | undefined;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The file to which the program's output is appended. */
  readonly log: string;
}

/** The paths of a process on the lab host. */
export interface ProcessPaths {
  /** Its default log. */
  readonly log: string;
  /** The folder of its files. */
  readonly files: string;
  /** The note of the files and triggers that it has loaded. */
  readonly note: string;
}

/** The result of {@link findProcesses}. */
export interface ProcessStatus {
  /** Whether any process is running. */
  readonly isRunning: boolean;
  /** Whether any of the processes is in the namespace and was started from the current definition, and no signal has stopped one of them. */
  readonly isCurrent: boolean;
  /** Whether one of its paths exists. */
  readonly hasPaths: boolean;
  /** The text of the note; undefined if there is none. */
  readonly loaded: string | undefined;
  /** The SHA-256 sums of the files that exist, by their names. */
  readonly sums: ReadonlyMap<string, string>;
}

/**
 * Finds the processes with a mark, or in a session that one of them leads, and reads their paths.
 *
 * @param names The files whose sums are computed.
 */
export async function findProcesses(
  kernel: KernelClient,
  wanted: { mark: string; definition: string; namespace: string | undefined; names: readonly string[] },
  { log, files, note }: ProcessPaths,
): Promise<ProcessStatus> {
  const { mark, definition, namespace, names } = wanted;
  const found = findCommand(mark, definition, networkFile(namespace), log, files, note, ...names);
  const lines = ((await runQuery(kernel, found)) ?? "").split("\n");
  const after = (word: string) => lines.flatMap((line) => (line.startsWith(word) ? [line.slice(word.length)] : []));
  return {
    isRunning: lines.includes("runs"),
    isCurrent: lines.includes("fits") && !lines.includes("stopped"),
    hasPaths: lines.includes("paths"),
    loaded: after("loaded ")[0],
    sums: new Map(after("file ").map((line) => [line.slice(SUM_LENGTH + 1), line.slice(0, SUM_LENGTH)])),
  };
}

/** The length of a SHA-256 sum in hexadecimal. */
const SUM_LENGTH = 64;

const findCommand = (mark: string, ...rest: string[]): Command => ({
  tool: "sh",
  args: ["-c", `${MEMBERS_FUNCTION}\n${FIND_SCRIPT}`, "pulumi-netns", mark, ...rest],
  display: `grep -lszxF ${shellWords([markVariable(mark)])} /proc/[0-9]*/environ`,
  query: true,
});

/**
 * Starts a program in its own session, and waits to see that it keeps running. The command fails with the log's last lines if
 * the program ends, and with "File exists" if a process with the mark is already running.
 *
 * @param settle How long the program must run to count as started, in milliseconds.
 */
export const startProcess = (mark: string, definition: string, settle: number, program: Program): Command => ({
  tool: "sh",
  namespace: program.namespace,
  args: [
    "-c",
    `${MEMBERS_FUNCTION}\n${START_SCRIPT}`,
    "pulumi-netns",
    mark,
    program.log,
    program.cwd,
    String(settle / 1000),
    markVariable(mark),
    definitionVariable(definition),
    "/bin/sh",
    "-c",
    KEEPER_SCRIPT,
    "pulumi-netns",
    String(Object.keys(program.env).length),
    ...program.command,
  ],
  stdin: variableLines(program.env),
  waits: true,
  display: shellWords([
    ...(program.namespace === undefined ? [] : ["ip", "netns", "exec", program.namespace]),
    ...program.command,
  ]),
});

/**
 * Stops all processes with a mark, and those in their sessions: by a signal first, and by SIGKILL if they are still running
 * after the timeout.
 *
 * @param timeout How long to wait before SIGKILL, in milliseconds.
 */
export const stopProcesses = (mark: string, signal: string, timeout: number): Command => ({
  tool: "sh",
  args: [
    "-c",
    `${MEMBERS_FUNCTION}\n${STOP_SCRIPT}`,
    "pulumi-netns",
    mark,
    signal.replace(/^SIG/, ""),
    String(timeout / 100),
  ],
  waits: true,
  display: `kill -s ${signal.replace(/^SIG/, "")} $(grep -lszxF ${shellWords([markVariable(mark)])} /proc/[0-9]*/environ | tr -dc '0-9\\n')`,
});

/**
 * Stops the processes in a place whose mark has a prefix, except those with one of the marks to keep, and prints the marks of
 * the stopped processes.
 */
export const stopOthers = (
  prefix: string,
  namespace: string | undefined,
  timeout: number,
  kept: readonly string[],
): Command => ({
  tool: "sh",
  args: [
    "-c",
    `${MEMBERS_FUNCTION}\n${STOP_OTHERS_SCRIPT}`,
    "pulumi-netns",
    prefix,
    networkFile(namespace),
    String(timeout / 100),
    ...kept,
  ],
  waits: true,
  display: `kill $(grep -lszFe ${shellWords([markVariable(prefix)])} /proc/[0-9]*/environ | tr -dc '0-9\\n')`,
});

/** The variable that tells where the output of a process begins in its log, in bytes. */
export const LOG_START = "PULUMI_NETNS_LOG_START";

const definitionVariable = (digest: string): string => `PULUMI_NETNS_DEFINITION=${digest}`;

const FIND_SCRIPT = `
mark=$1 definition=$2 network=$3 log=$4 files=$5 note=$6
shift 6
for pid in $(members "$mark"); do
  echo runs
  # The state follows the name, which may contain parentheses. A process that was stopped by a signal does nothing.
  read -r status <"/proc/$pid/stat" && case \${status##*) } in T*) echo stopped ;; esac
  [ "/proc/$pid/ns/net" -ef "$network" ] &&
    grep -qszxF -e "PULUMI_NETNS_DEFINITION=$definition" "/proc/$pid/environ" && echo fits
done
for path in "$log" "$files" "$note"; do [ ! -e "$path" ] || echo paths; done
[ ! -f "$note" ] || echo "loaded $(cat -- "$note")"
for name; do
  [ ! -f "$files/$name" ] || echo "file $(sha256sum <"$files/$name" | cut -c 1-64) $name"
done`;

// The environment is not inherited: that of pulumi contains secrets that a lab must not receive. The program's own variables may be secrets
// as well, so the keeper exports them: as arguments of env, they would be in the list of processes until it starts.
// The output may contain secrets, too, so a log that does not exist yet is created for its owner alone.
// The lock is on the log file and held until the mark is visible: of two simultaneous starts, one finds the other.
const START_SCRIPT = `
mark=$1 log=$2 cwd=$3 settle=$4
shift 4
variables=$(cat)
mkdir -p -- "$(dirname -- "$log")" || exit 1
[ ! -d "$log" ] || { echo "log: $log is a folder" >&2; exit 127; }
${ENTER_FOLDER}
(umask 077; : >>"$log") && exec 9>>"$log" || exit 1
flock 9
if [ -n "$(members "$mark")" ]; then echo "a process with the mark $mark is already running: File exists" >&2; exit 1; fi
from=$(($(wc -c <"$log") + 1))
setsid --fork env -i "PATH=${PROGRAM_PATH}" "${LOG_START}=$from" "$@" >>"$log" 2>&1 9>&- <<EOF
$variables
EOF
sleep "$settle"
[ -z "$(members "$mark")" ] || exit 0
{ echo "the program ended at once. Last lines of $log:"; tail -c "+$from" "$log" | tail -n 20; } >&2
exit 127`;

// Runs as long as the program, and logs the program's exit code. Signals are for the program: the keeper must not end first. The variables
// of the mark are exported last, because the program must be found by it.
const KEEPER_SCRIPT = `
trap : HUP INT QUIT TERM USR1 USR2
count=$1
shift
set -- "PULUMI_NETNS_MARK=$PULUMI_NETNS_MARK" "PULUMI_NETNS_DEFINITION=$PULUMI_NETNS_DEFINITION" -- "$@"
${READ_VARIABLES}
exec </dev/null
${EXPORT_VARIABLES}
"$@"
code=$?
echo "pulumi-netns: $1 ended with exit code $code"
exit $code`;

const STOP_OTHERS_SCRIPT = `
prefix=$1 network=$2 patience=$3
shift 3
for mark in $(grep -hszFe "PULUMI_NETNS_MARK=$prefix" /proc/[0-9]*/environ | tr '\\0' '\\n' | sort -u); do
  case $mark in "PULUMI_NETNS_MARK=$prefix"*) mark=\${mark#PULUMI_NETNS_MARK=} ;; *) continue ;; esac
  for kept; do [ "$kept" != "$mark" ] || continue 2; done
  for pid in $(members "$mark"); do [ "/proc/$pid/ns/net" -ef "$network" ] && break; done || continue
  turns=$patience signal=TERM
  while pids=$(members "$mark"); [ -n "$pids" ] && [ $turns -gt -50 ]; do
    turns=$((turns - 1))
    [ $turns -gt 0 ] || signal=KILL
    [ -z "$signal" ] || kill -s "$signal" $pids 2>/dev/null
    signal=
    sleep 0.1
  done
  echo "$mark"
done`;

const STOP_SCRIPT = `
signal=$2 turns=$3
while pids=$(members "$1"); [ -n "$pids" ]; do
  turns=$((turns - 1))
  [ $turns -gt -50 ] || { echo "processes still running after SIGKILL:" $pids >&2; exit 1; }
  [ $turns -gt 0 ] || signal=KILL
  # A process that is stopped takes the signal when it continues.
  [ -z "$signal" ] || { kill -s "$signal" $pids; kill -s CONT $pids; } 2>/dev/null
  signal=
  sleep 0.1
done`;
