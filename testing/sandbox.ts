import { spawn } from "node:child_process";
import { once } from "node:events";
import { execa } from "execa";
import { toolEnvironment } from "../provider/kernel/client/environment.ts";
import { UserError } from "../provider/message.ts";

/** What a command in a sandbox answered. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A lab host of a test's own: a network stack, a /run and a root user that nobody outside can see. It needs no root, and
 * reaches nothing: not even the machine that it is on.
 */
export interface Sandbox extends AsyncDisposable {
  /** The process that holds the sandbox: with its end the sandbox ends. */
  readonly pid: number;
  /** The words that lead into the sandbox, put before a command. */
  readonly enter: readonly string[];
  /** Runs a command inside; a failure is an answer like any other. */
  try(program: string, ...args: string[]): Promise<Answer>;
  /** Runs a command inside, and throws when it fails. */
  run(program: string, ...args: string[]): Promise<string>;
}

/**
 * Opens a sandbox. It ends with {@link Sandbox[Symbol.asyncDispose]}, and with this process at the latest, unless it is to
 * outlive it; and with it ends all that runs inside. With `root` it is made by the root user of this machine, for what
 * cannot be done without one; what runs in its namespaces is then left to who started it.
 *
 * Equivalent to: `unshare --user --map-root-user --net --mount`, with a /run of its own
 *
 * @throws Error when user namespaces are not allowed.
 */
export async function sandbox({ outlive = false, root = false } = {}): Promise<Sandbox> {
  // `cat` holds the namespaces until its input is closed, which the kernel does for a process that dies.
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
 * Ends all processes of the sandbox but the one that does it: those that have its namespace of a kind. It looks twice, for
 * what was born while it looked.
 */
const endAll = (kind: "mnt" | "user"): string => `
for round in 1 2; do
  for process in /proc/[0-9]*; do
    [ "$process/ns/${kind}" -ef "/proc/$$/ns/${kind}" ] || continue
    [ "$process" = "/proc/$$" ] || kill -s KILL "\${process#/proc/}" 2>/dev/null
  done
done`;
