import { type Command, inNamespace, shellWords } from "../command.ts";
import { LOG_START, type Program } from "./process.ts";
import { MEMBERS_FUNCTION, PROGRAM_PATH } from "./process-members.ts";

/** The conditions under which a started program counts as ready. All that are given must hold. */
export interface Readiness {
  /** The TCP port on which a program of the place listens. */
  readonly tcp?: number | undefined;
  /** A command that succeeds. */
  readonly command?: readonly string[] | undefined;
  /** A text in a line that the program has logged since its start. */
  readonly log?: string | undefined;
  /** Interfaces that exist. */
  readonly interfaces: readonly string[];
  /** How long to wait, in seconds. */
  readonly timeout: number;
}

/**
 * Waits until the program with a mark is ready. The command fails with the log's last lines if the program ends, or is not ready
 * in time.
 */
export const awaitReady = (
  mark: string,
  { namespace, cwd, log }: Pick<Program, "namespace" | "cwd" | "log">,
  ready: Readiness,
): Command => ({
  tool: "sh",
  namespace,
  args: [
    ...["-c", `${MEMBERS_FUNCTION}\n${AWAIT_SCRIPT}`, "pulumi-netns", mark, log, cwd, String(ready.timeout)],
    ready.tcp === undefined ? "" : String(ready.tcp),
    ready.log ?? "",
    ready.interfaces.join(" "),
    ...(ready.command ?? []),
  ],
  waits: true,
  display: displayOf(namespace, log, ready),
});

/** Returns the command that a user would type to see whether the first of the conditions holds. */
function displayOf(namespace: string | undefined, log: string, { tcp, command, log: text, interfaces }: Readiness) {
  const [link] = interfaces;
  if (link !== undefined) return shellWords(inNamespace(namespace, "ip", ["link", "show", "dev", link]));
  if (tcp !== undefined) return shellWords(inNamespace(namespace, "ss", ["-ltn", "sport", "=", `:${tcp}`]));
  if (text !== undefined) return shellWords(["grep", "-F", "-e", text, "--", log]);
  const [program = "", ...args] = command ?? [];
  return shellWords(inNamespace(namespace, program, args));
}

// In /proc/net/tcp, the state 0A is LISTEN, and ports are in hexadecimal.
const AWAIT_SCRIPT = `
mark=$1 log=$2 cwd=$3 seconds=$4 port=$5 text=$6 interfaces=$7
shift 7
pid=$(members "$mark" | head -n 1)
from=$(tr '\\0' '\\n' <"/proc/\${pid:-none}/environ" 2>/dev/null | sed -n 's/^${LOG_START}=\\([0-9]*\\)$/\\1/p')
logged() { tail -c "+\${from:-1}" -- "$log"; }
fail() { { echo "$1. Last lines of $log:"; logged | tail -n 20; } >&2; exit 127; }
listens() { grep -qsE "^ *[0-9]+: [0-9A-F]+:$(printf %04X "$1") [0-9A-F]+:[0-9A-F]+ 0A " /proc/net/tcp /proc/net/tcp6; }
lacks() {
  for link in $interfaces; do
    ip link show dev "$link" >/dev/null 2>&1 || { echo "interface $link does not exist"; return; }
  done
  [ -z "$port" ] || listens "$port" || { echo "no program listens on TCP port $port"; return; }
  [ -z "$text" ] || logged | grep -qF -e "$text" || { echo "no line of its log contains \\"$text\\""; return; }
  [ $# -gt 0 ] || return 0
  said=$(cd -- "$cwd" && timeout -k 1 "$seconds" env -i "PATH=${PROGRAM_PATH}" "$@" 2>&1 </dev/null) ||
    echo "the command $1 of ready fails: $(echo "$said" | tail -n 1)"
}
end=$(($(date +%s) + seconds))
while lack=$(lacks "$@"); [ -n "$lack" ]; do
  [ -n "$(members "$mark")" ] || fail "the program ended before it was ready"
  [ "$(date +%s)" -lt "$end" ] || fail "the program is not ready after $seconds s: $lack"
  sleep 0.1
done
[ -n "$(members "$mark")" ] || fail "the program ended before it was ready"`;
