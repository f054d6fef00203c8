import { NAMESPACE_FOLDER } from "../client/namespace-files.ts";
import { type Command, shellWords } from "../command.ts";
import { type KernelClient } from "../kernel.ts";
import { runQuery } from "../query.ts";

/*
 * A process that outlives the program that started it. Its environment contains our mark, which its children inherit and which,
 * unlike a process id, is never reused for another process. The shell scripts below are constant: all values are arguments.
 */

/** The program to run, and its place. */
export interface Program {
  readonly namespace?: string | undefined;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The file to which the program's output is appended. */
  readonly log: string;
}

/** The result of {@link findProcesses}. */
export interface ProcessStatus {
  /** Whether any process is running. */
  readonly isRunning: boolean;
  /** Whether any of the processes is in the namespace and was started from the current definition. */
  readonly isCurrent: boolean;
  /** Whether the log exists. */
  readonly hasLog: boolean;
}

/** Finds the processes with a mark, or in a session that one of them leads, and checks for the log. */
export async function findProcesses(
  kernel: KernelClient,
  {
    mark,
    definition,
    namespace,
    log,
  }: { mark: string; definition: string; namespace: string | undefined; log: string },
): Promise<ProcessStatus> {
  const output = (await runQuery(kernel, findCommand(mark, definition, networkFile(namespace), log))) ?? "";
  const lines = output.split("\n");
  return { isRunning: lines.includes("runs"), isCurrent: lines.includes("fits"), hasLog: lines.includes("logged") };
}

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
    ...program.command,
  ],
  // As arguments, the variables would be visible to all users in the list of processes.
  stdin: Object.entries(program.env).map(variableLine).join(""),
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
  display: `kill $(grep -lszFe ${shellWords([markVariable(prefix)])} /proc/[0-9]*/environ | tr -dc '0-9\\n')`,
});

/** Formats a variable as a line for printf's %b. */
const variableLine = ([name, value]: readonly [string, string]): string =>
  `${name}=${value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n`;

const markVariable = (mark: string): string => `PULUMI_NETNS_MARK=${mark}`;
const definitionVariable = (digest: string): string => `PULUMI_NETNS_DEFINITION=${digest}`;
const networkFile = (namespace: string | undefined): string =>
  namespace === undefined ? "/proc/self/ns/net" : `${NAMESPACE_FOLDER}/${namespace}`;

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// A program that overwrites its own environment with its title is still in the session that its keeper leads. Processes in
// another user namespace belong to another lab host, although they are visible from this one.
const MEMBERS_FUNCTION = `
members() {
  marked=$(grep -lszxF -e "PULUMI_NETNS_MARK=$1" /proc/[0-9]*/environ | tr -dc '0-9\\n')
  [ -n "$marked" ] || return 0
  list=$(echo $marked | tr ' ' ',')
  ps -o pid= -o stat= -p "$list" -s "$list" | while read -r pid stat; do
    case $stat in Z*) continue ;; esac
    [ "/proc/$pid/ns/user" -ef /proc/self/ns/user ] && echo "$pid"
  done
}`;

const FIND_SCRIPT = `
for pid in $(members "$1"); do
  echo runs
  [ "/proc/$pid/ns/net" -ef "$3" ] && grep -qszxF -e "PULUMI_NETNS_DEFINITION=$2" "/proc/$pid/environ" && echo fits
done
[ ! -e "$4" ] || echo logged`;

// The environment is not inherited: that of pulumi contains secrets that a lab must not receive. A variable's value may end in
// newlines, which the shell would strip if no other character followed them.
// The lock is on the log file and held until the mark is visible: of two simultaneous starts, one finds the other.
const START_SCRIPT = `
mark=$1 log=$2 cwd=$3 settle=$4
shift 4
while IFS= read -r line; do
  variable=$(printf '%b.' "$line")
  set -- "\${variable%.}" "$@"
done
mkdir -p -- "$(dirname -- "$log")" && cd -- "$cwd" && exec 9>>"$log" || exit 1
flock 9
if [ -n "$(members "$mark")" ]; then echo "a process with the mark $mark is already running: File exists" >&2; exit 1; fi
from=$(($(wc -c <"$log") + 1))
setsid --fork env -i "PATH=${PATH}" "$@" >>"$log" 2>&1 </dev/null 9>&-
sleep "$settle"
[ -z "$(members "$mark")" ] || exit 0
{ echo "the program ended at once. Last lines of $log:"; tail -c "+$from" "$log" | tail -n 20; } >&2
exit 127`;

// Runs as long as the program, and logs the program's exit code. Signals are for the program: the keeper must not end first.
const KEEPER_SCRIPT = `
trap : HUP INT QUIT TERM USR1 USR2
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
  [ -z "$signal" ] || kill -s "$signal" $pids 2>/dev/null
  signal=
  sleep 0.1
done`;
