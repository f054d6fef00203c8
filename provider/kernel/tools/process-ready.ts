import { type Command, inNamespace, shellWords } from "../command.ts";
import { LOG_START, type Program } from "./process.ts";
import { MEMBERS_FUNCTION, PROGRAM_PATH } from "./process-members.ts";

/** The conditions under which a started program counts as ready. All that are given must hold. */
export interface Readiness {
  /** The TCP port on which a program of the place listens. */
  readonly tcp?: number | undefined;
  /** The UDP port at which a program of the place receives packets. */
  readonly udp?: number | undefined;
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
    ...[ready.tcp, ready.udp].map((port) => (port === undefined ? "" : String(port))),
    ready.log ?? "",
    ready.interfaces.join(" "),
    ...(ready.command ?? []),
  ],
  waits: true,
  display: displayOf(namespace, log, ready),
});

/** Returns the command that a user would type to see whether the first of the conditions holds. */
function displayOf(
  namespace: string | undefined,
  log: string,
  { tcp, udp, command, log: text, interfaces }: Readiness,
) {
  const [link] = interfaces;
  if (link !== undefined) return shellWords(inNamespace(namespace, "ip", ["link", "show", "dev", link]));
  if (tcp !== undefined) return shellWords(inNamespace(namespace, "ss", ["-ltn", "sport", "=", `:${tcp}`]));
  if (udp !== undefined) return shellWords(inNamespace(namespace, "ss", ["-lun", "sport", "=", `:${udp}`]));
  if (text !== undefined) return shellWords(["grep", "-F", "-e", text, "--", log]);
  const [program = "", ...args] = command ?? [];
  return shellWords(inNamespace(namespace, program, args));
}

// In /proc/net/tcp, the state 0A is LISTEN. In /proc/net/udp, the state 07 is that of a socket that is not connected. Ports are in hexadecimal.
const AWAIT_SCRIPT = `
mark=$1 log=$2 cwd=$3 seconds=$4 tcp=$5 udp=$6 text=$7 interfaces=$8
shift 8
pid=$(members "$mark" | head -n 1)
from=$(tr '\\0' '\\n' <"/proc/\${pid:-none}/environ" 2>/dev/null | sed -n 's/^${LOG_START}=\\([0-9]*\\)$/\\1/p')
logged() { tail -c "+\${from:-1}" -- "$log"; }
fail() {
  lines=$(logged | tail -n 20)
  if [ -n "$lines" ]; then printf '%s. Last lines of %s:\\n%s\\n' "$1" "$log" "$lines" >&2
  else echo "$1. It has printed nothing" >&2; fi
  exit 127
}
listens() { grep -qsE "^ *[0-9]+: [0-9A-F]+:$(printf %04X "$2") [0-9A-F]+:[0-9A-F]+ $3 " "/proc/net/$1" "/proc/net/\${1}6"; }
ports() {
  sockets=$(for pid in $(members "$mark"); do readlink "/proc/$pid/fd/"*; done 2>/dev/null | sed -n 's/^socket:\\[\\(.*\\)\\]$/\\1/p' | tr '\\n' ' ')
  cat "/proc/net/$1" "/proc/net/\${1}6" 2>/dev/null | while read -r _ local _ state _ _ _ _ _ socket _; do
    case " $sockets" in *" $socket "*) [ "$state" != "$2" ] || echo "$((0x\${local##*:}))" ;; esac
  done | sort -nu | tr '\\n' ' '
}
others() {
  found=$(ports "$1" "$2")
  [ -z "$found" ] || echo "; its own $3 ports: \${found% }"
}
lacks() {
  for link in $interfaces; do
    ip link show dev "$link" >/dev/null 2>&1 || { echo "interface $link does not exist"; return; }
  done
  [ -z "$tcp" ] || listens tcp "$tcp" 0A || { echo "no program listens on TCP port $tcp$(others tcp 0A TCP)"; return; }
  [ -z "$udp" ] || listens udp "$udp" 07 || { echo "no program listens on UDP port $udp$(others udp 07 UDP)"; return; }
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
