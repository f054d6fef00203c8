import { NAMESPACES } from "../client/namespace-files.ts";
import { type Command, words } from "../command.ts";
import { type Kernel } from "../kernel.ts";
import { ask } from "../query.ts";

/*
 * A process that outlives whoever started it. It bears our mark in its environment, which its children inherit and which,
 * unlike a process id, is nobody else's later on. The shell texts below are constant: what differs comes as arguments.
 */

/** What is to run, and where. */
export interface Program {
  readonly namespace?: string | undefined;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The file that takes what the program says, at its end. */
  readonly log: string;
}

/** What {@link findProcesses} tells. */
export interface Found {
  /** Whether anything runs. */
  readonly runs: boolean;
  /** Whether any of it is in the namespace and was started by the definition. */
  readonly fits: boolean;
  /** Whether the log is there. */
  readonly logged: boolean;
}

/** Looks for the processes that bear a mark, or belong to a session that one of those leads, and for a log. */
export async function findProcesses(
  kernel: Kernel,
  {
    mark,
    definition,
    namespace,
    log,
  }: { mark: string; definition: string; namespace: string | undefined; log: string },
): Promise<Found> {
  const said = (await ask(kernel, findCommand(mark, definition, networkOf(namespace), log))) ?? "";
  const lines = said.split("\n");
  return { runs: lines.includes("runs"), fits: lines.includes("fits"), logged: lines.includes("logged") };
}

const findCommand = (mark: string, ...rest: string[]): Command => ({
  tool: "sh",
  args: ["-c", `${MEMBERS}\n${FIND}`, "pulumi-netns", mark, ...rest],
  shown: `grep -lszxF ${words([MARK(mark)])} /proc/[0-9]*/environ`,
  query: true,
});

/**
 * Starts a program in a session of its own, and waits whether it stays. It fails with the log's last lines when it does not,
 * and with "File exists" when what bears the mark runs already.
 *
 * @param settle How long it must have lived to count as started, in milliseconds.
 */
export const startProcess = (mark: string, definition: string, settle: number, program: Program): Command => ({
  tool: "sh",
  namespace: program.namespace,
  args: [
    "-c",
    `${MEMBERS}\n${START}`,
    "pulumi-netns",
    mark,
    program.log,
    program.cwd,
    String(settle / 1000),
    MARK(mark),
    DEFINITION(definition),
    "/bin/sh",
    "-c",
    KEEP,
    "pulumi-netns",
    ...program.command,
  ],
  // Among the arguments, everybody could read them in the list of processes.
  stdin: Object.entries(program.env).map(escaped).join(""),
  shown: words([
    ...(program.namespace === undefined ? [] : ["ip", "netns", "exec", program.namespace]),
    ...program.command,
  ]),
});

/**
 * Ends all processes that bear a mark, and those of their sessions: by a signal first, and by SIGKILL when that has not
 * helped in time.
 *
 * @param patience How long the signal has to do its work, in milliseconds.
 */
export const stopProcesses = (mark: string, signal: string, patience: number): Command => ({
  tool: "sh",
  args: ["-c", `${MEMBERS}\n${STOP}`, "pulumi-netns", mark, signal.replace(/^SIG/, ""), String(patience / 100)],
  shown: `kill -s ${signal.replace(/^SIG/, "")} $(grep -lszxF ${words([MARK(mark)])} /proc/[0-9]*/environ | tr -dc '0-9\\n')`,
});

/**
 * Ends the processes in a place that bear a mark with a prefix, save those that bear one of the marks to be kept, and prints
 * the marks of those that it has ended.
 */
export const stopOthers = (
  prefix: string,
  namespace: string | undefined,
  patience: number,
  kept: readonly string[],
): Command => ({
  tool: "sh",
  args: [
    "-c",
    `${MEMBERS}\n${STOP_OTHERS}`,
    "pulumi-netns",
    prefix,
    networkOf(namespace),
    String(patience / 100),
    ...kept,
  ],
  shown: `kill $(grep -lszFe ${words([MARK(prefix)])} /proc/[0-9]*/environ | tr -dc '0-9\\n')`,
});

/** A variable as a line, as printf's %b reads it. */
const escaped = ([name, value]: readonly [string, string]): string =>
  `${name}=${value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n`;

const MARK = (mark: string): string => `PULUMI_NETNS_MARK=${mark}`;
const DEFINITION = (digest: string): string => `PULUMI_NETNS_DEFINITION=${digest}`;
const networkOf = (namespace: string | undefined): string =>
  namespace === undefined ? "/proc/self/ns/net" : `${NAMESPACES}/${namespace}`;

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// A program that writes its title over its own environment is still in the session that its keeper leads. Another user
// namespace is another lab host, whose processes can be seen from this one.
const MEMBERS = `
members() {
  marked=$(grep -lszxF -e "PULUMI_NETNS_MARK=$1" /proc/[0-9]*/environ | tr -dc '0-9\\n')
  [ -n "$marked" ] || return 0
  list=$(echo $marked | tr ' ' ',')
  ps -o pid= -o stat= -p "$list" -s "$list" | while read -r pid stat; do
    case $stat in Z*) continue ;; esac
    [ "/proc/$pid/ns/user" -ef /proc/self/ns/user ] && echo "$pid"
  done
}`;

const FIND = `
for pid in $(members "$1"); do
  echo runs
  [ "/proc/$pid/ns/net" -ef "$3" ] && grep -qszxF -e "PULUMI_NETNS_DEFINITION=$2" "/proc/$pid/environ" && echo fits
done
[ ! -e "$4" ] || echo logged`;

// Nothing is inherited: what runs pulumi has secrets in its environment that are none of a lab's business. A variable's value
// may end in newlines, which the shell would take away if nothing came behind them.
// The lock is the log file's, and held until the mark can be seen: of two starts at once, one finds the other.
const START = `
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

// Stays as long as the program does, whose end it tells. The signals are for the program: it is not to die before it.
const KEEP = `
trap : HUP INT QUIT TERM USR1 USR2
"$@"
code=$?
echo "pulumi-netns: $1 ended with exit code $code"
exit $code`;

const STOP_OTHERS = `
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

const STOP = `
signal=$2 turns=$3
while pids=$(members "$1"); [ -n "$pids" ]; do
  turns=$((turns - 1))
  [ $turns -gt -50 ] || { echo "processes still running after SIGKILL:" $pids >&2; exit 1; }
  [ $turns -gt 0 ] || signal=KILL
  [ -z "$signal" ] || kill -s "$signal" $pids 2>/dev/null
  signal=
  sleep 0.1
done`;
