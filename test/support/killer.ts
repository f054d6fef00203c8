import { chmod, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An `ip` that kills those who called it, once it has been called often enough. */
export interface Killer extends AsyncDisposable {
  /** The PATH on which it is found before the real one. */
  readonly path: string;
  /** From now on: after so many commands that change something, whom to kill. */
  arm(commands: number, victims: Victims): Promise<void>;
  /** Whether it has come to that. */
  fired(): Promise<boolean>;
}

/** Processes: the command itself, once it has done its work, or who called it. */
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
      // At once: an `ip` of those who were killed may still be counting.
      await writeFile(join(folder, "next"), String(commands));
      await rename(join(folder, "next"), join(folder, "left"));
    },
    fired: async () => Number(await readFile(join(folder, "left"), "utf8")) <= 0,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

// The provider is the parent; the engine, `pulumi`, is some generations up. An `ip` that takes commands as lines is played
// with a process for each, whose failures are told by the numbers of the lines.
const SCRIPT = `#!/bin/bash
here=$(dirname "$0")
tree() { for child in $(pgrep -P $1); do (( child == $$ )) || { echo $child; tree $child; }; done; }
PATH=\${PATH#*"$here":}
count() {
  exec 9>"$here/lock"; flock 9
  left=$(( $(cat "$here/left") - 1 ))
  # What goes on after the shot, such as an ip whose caller is dead, counts no more.
  (( left < 0 )) || echo $left >"$here/left"
  exec 9>&-
  (( left == 0 )) || return 0
  if grep -q engine "$here/victims"; then
    pid=$PPID
    while (( pid > 1 )) && [[ $(cat /proc/$pid/comm) != pulumi ]]; do pid=$(awk '{ print $4 }' /proc/$pid/stat); done
    # What the engine has started would outlive it: a language host, and other providers.
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
      [[ -z $said ]] || printf '%s\\n' "\${said//-:1/-:$number}" >&2
      case $line in done | *" show"*) ;; *) count ;; esac
    done ;;
  *" -json "*) exec ip "$@" ;;
  *) ip "$@"; code=$?; count; exit $code ;;
esac
`;
