import { spawn } from "node:child_process";
import { once } from "node:events";
import { execa } from "execa";
import { toolEnvironment } from "../provider/kernel/client/environment.ts";
import { UserError } from "../provider/message.ts";

/** The result of a command in a sandbox. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * An isolated lab host for a test, with its own network stack, /run and root user. It needs no root, and has no connection to any
 * network, not even to the machine that it runs on.
 */
export interface Sandbox extends AsyncDisposable {
  /** The process that holds the sandbox. The sandbox ends with it. */
  readonly pid: number;
  /** The command prefix that enters the sandbox. */
  readonly enter: readonly string[];
  /** Runs a command in the sandbox and returns its result, also if it fails. */
  try(program: string, ...args: string[]): Promise<Answer>;
  /** Runs a command in the sandbox and returns its standard output. Throws if it fails. */
  run(program: string, ...args: string[]): Promise<string>;
}

/**
 * Opens a sandbox. It ends with {@link Sandbox[Symbol.asyncDispose]} or, unless `outlive` is set, with this process; all processes in
 * it are killed then. With `root` it is created by the machine's root user, for operations that a user namespace does not allow; the
 * caller must then stop the processes in its network namespaces.
 *
 * Equivalent to: `unshare --user --map-root-user --net --mount`, with a separate /run
 *
 * @throws Error if user namespaces are not allowed.
 */
export async function sandbox({ outlive = false, root = false } = {}): Promise<Sandbox> {
  // `cat` keeps the namespaces until its input is closed. The kernel closes it when this process dies.
  const hold = outlive ? "exec sleep infinity" : `{ trap "" HUP INT TERM; cat; ${endAll(root ? "mnt" : "user")}; }`;
  const holder = spawn(
    "unshare",
    [
      ...(root ? [] : ["--user", "--map-root-user"]),
      "--net",
      "--mount",
      "sh",
      "-c",
      `${FURNISH} && echo ready && ${hold}`,
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const exit = once(holder, "exit");
  const [said] = (await Promise.race([once(holder.stdout, "data"), exit.then(() => [""])])) as [unknown];
  if (!String(said).startsWith("ready")) throw new UserError(NOT_ALLOWED, ALLOW);

  const enter = [
    "nsenter",
    "--target",
    String(holder.pid),
    ...(root ? [] : ["--user", "--preserve-credentials"]),
    "--net",
    "--mount",
    "--",
  ];
  const within: Sandbox["try"] = async (program, ...args) => {
    const [nsenter = "", ...rest] = [...enter, program, ...args];
    const { exitCode, stdout, stderr, shortMessage } = await execa(nsenter, rest, {
      reject: false,
      stdin: "ignore",
      timeout: 60_000,
      env: toolEnvironment(),
    });
    return { code: exitCode ?? 127, stdout, stderr: exitCode === undefined ? `${shortMessage}` : stderr };
  };
  const run: Sandbox["run"] = async (program, ...args) => {
    const { code, stdout, stderr } = await within(program, ...args);
    if (code !== 0) throw new Error(`${program} ${args.join(" ")}: exit ${code}\n${stdout}\n${stderr}`);
    return stdout;
  };
  if (outlive) {
    holder.unref();
    for (const stream of [holder.stdin, holder.stdout]) stream.destroy();
  }
  return {
    pid: holder.pid ?? 0,
    enter,
    try: within,
    run,
    async [Symbol.asyncDispose]() {
      if (outlive) holder.kill();
      else holder.stdin.end();
      await exit;
    },
  };
}

const NOT_ALLOWED = "unshare could not create a sandbox: user namespaces are not allowed on this machine";

const ALLOW =
  "on Ubuntu 24.04 and later, run sysctl -w kernel.apparmor_restrict_unprivileged_userns=0; in a container, allow user namespaces";

const FURNISH = "mount -t tmpfs tmpfs /run && mkdir /run/netns && ip link set lo up";

/**
 * Returns a script that kills all other processes of the sandbox: those in the same namespace of the given kind. It runs twice, to
 * catch processes that start meanwhile.
 */
const endAll = (kind: "mnt" | "user"): string => `
for round in 1 2; do
  for process in /proc/[0-9]*; do
    [ "$process/ns/${kind}" -ef "/proc/$$/ns/${kind}" ] || continue
    [ "$process" = "/proc/$$" ] || kill -s KILL "\${process#/proc/}" 2>/dev/null
  done
done`;
