import { UserError } from "../provider/message.ts";

/** Who creates a sandbox: any user, in a user namespace, or the machine's root user, without one. */
export interface Isolation {
  readonly root?: boolean;
}

/**
 * Returns the command that starts a shell script in new namespaces, where it prepares a lab host, prints `ready` and holds it.
 *
 * @param hold The script that keeps the namespaces until the sandbox ends.
 */
export const isolated = (hold: string, { root = false }: Isolation = {}): readonly [string, ...string[]] => [
  "unshare",
  ...(root ? [] : ["--user", "--map-root-user"]),
  "--net",
  "--mount",
  "sh",
  "-c",
  `${PREPARE} && echo ready && ${hold}`,
];

/** Returns the words to put before a command that runs in a sandbox, which a process holds. */
export const enterSandbox = (pid: number, { root = false }: Isolation = {}): readonly string[] => [
  "nsenter",
  "--target",
  String(pid),
  ...(root ? [] : ["--user", "--preserve-credentials"]),
  "--net",
  "--mount",
  "--",
];

/**
 * A script that prepares a lab host in new network and mount namespaces: it gets its own /run and /etc, so that it changes no file of the
 * machine. Its /etc is a copy, without the files that only the machine's root may read, and without those of the machine's network namespaces.
 */
export const PREPARE =
  "mount -t tmpfs tmpfs /run && mkdir /run/netns /run/etc && " +
  "{ cp --archive --no-preserve=ownership /etc/. /run/etc 2>/dev/null; rm -rf /run/etc/netns; mount --bind /run/etc /etc; } && " +
  "ip link set lo up";

/**
 * Returns a script that kills all other processes of a sandbox: those in the same user namespace, or in the same mount namespace if it
 * has no own user namespace. It runs twice, to catch processes that start meanwhile.
 */
export function killAll({ root = false }: Isolation = {}): string {
  const kind = root ? "mnt" : "user";
  return `
for round in 1 2; do
  for process in /proc/[0-9]*; do
    [ "$process/ns/${kind}" -ef "/proc/$$/ns/${kind}" ] || continue
    [ "$process" = "/proc/$$" ] || kill -s KILL "\${process#/proc/}" 2>/dev/null
  done
done`;
}

/** Returns the error for a machine that does not allow sandboxes. */
export const notAllowed = (): UserError =>
  new UserError(
    "unshare could not create a sandbox: user namespaces are not allowed on this machine",
    "on Ubuntu 24.04 and later, run sysctl -w kernel.apparmor_restrict_unprivileged_userns=0; in a container, allow user namespaces",
  );
