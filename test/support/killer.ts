import { chmod, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An `ip` that kills its callers after a number of calls. */
export interface Killer extends AsyncDisposable {
  /** The PATH on which it precedes the real one. */
  readonly path: string;
  /** Starts counting: kills the victims after a number of changing commands. */
  arm(commands: number, victims: Victims): Promise<void>;
  /** Returns true if it has killed its victims. */
  fired(): Promise<boolean>;
}

/** The processes to kill: the command itself, after it has run, or its callers. */
export type Victims = "command" | "provider" | "provider and engine";

export async function openKiller(): Promise<Killer> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-killer-"));
  const ip = join(folder, "ip");
  await writeFile(ip, SCRIPT);
  await chmod(ip, 0o755);
  return {
    path: `${folder}:${process.env["PATH"]}:/usr/sbin:/sbin`,
    async arm(commands, victims) {
      await writeFile(join(folder, "victims"), victims);
      // Atomic, because an `ip` of killed callers may still be counting.
      await writeFile(join(folder, "next"), String(commands));
      await rename(join(folder, "next"), join(folder, "left"));
    },
    fired: async () => Number(await readFile(join(folder, "left"), "utf8")) <= 0,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, maxRetries: 5 }),
  };
}

// The provider is the parent process; the engine, `pulumi`, is a more distant ancestor. A batch of `ip` is emulated with one
// process per line, whose errors contain the line numbers. Like `ip`, it stops at the first line that fails, unless it has `-force`.
const SCRIPT = `#!/bin/bash
here=$(dirname "$0")
tree() { for child in $(pgrep -P $1); do (( child == $$ )) || { echo $child; tree $child; }; done; }
PATH=\${PATH#*"$here":}
count() {
  exec 9>"$here/lock"; flock 9
  left=$(( $(cat "$here/left") - 1 ))
  # Commands after the kill, such as an ip whose caller is dead, are not counted.
  (( left < 0 )) || echo $left >"$here/left"
  exec 9>&-
  (( left == 0 )) || return 0
  if grep -q engine "$here/victims"; then
    pid=$PPID
    while (( pid > 1 )) && [[ $(cat /proc/$pid/comm) != pulumi ]]; do pid=$(awk '{ print $4 }' /proc/$pid/stat); done
    # The child processes of the engine would outlive it: a language host, and other providers.
    kill -9 $pid $(tree $pid)
  fi
  if grep -q provider "$here/victims"; then kill -9 $PPID; else kill -9 $$; fi
}
case " $* " in
  *" -batch "*)
    number=0
    exec 3>&1
    while IFS= read -r line; do
      (( number += 1 ))
      said=$(ip "$@" <<<"$line" 2>&1 >&3)
      code=$?
      [[ -z $said ]] || printf '%s\\n' "\${said//-:1/-:$number}" >&2
      (( code == 0 )) || [[ " $* " = *" -force "* ]] || exit $code
      case $line in done | *" show"*) ;; *) count ;; esac
    done ;;
  *" -json "*) exec ip "$@" ;;
  *) ip "$@"; code=$?; count; exit $code ;;
esac
`;
